/** Settings: of the key store, for everybody; and of this console, for whoever sits before it. */
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { OwnSettings } from '../settings/own-settings.tsx'
import { StoreSettings } from '../settings/store-settings.tsx'

export const SettingsPage = () => {
  const { model, texts } = useConsole()
  const off = whyOff(useKnown(model), texts, 'administrator')
  return (
    <div className="page settings-page">
      <div className="top">
        <h1>{texts.pages.settings}</h1>
      </div>
      <StoreSettings off={off} />
      <OwnSettings />
    </div>
  )
}
