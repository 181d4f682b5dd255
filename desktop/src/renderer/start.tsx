/** Puts the pages into a document. */
import { createRoot } from 'react-dom/client'
import { settledBy, type Bridge } from '../bridge.ts'
import { App } from './app.tsx'
import { createModel } from './model.ts'
import { loadTheRest } from './later.ts'
import { createPreferences } from './preferences.ts'
import { downloadedTexts } from './texts/download.ts'

export const startConsole = (root: HTMLElement, bridge: Bridge): void => {
  // Tests look at the pages in a language that is none: what is not from the catalogue stands out there.
  const texts = downloadedTexts(document.documentElement.lang === 'en-XA')
  const model = createModel(bridge)
  void bridge.readPreferences().then((kept) => {
    const preferences = createPreferences(bridge, kept)
    const settle = (): void => {
      const { status } = model.get()
      if (status !== null) preferences.settle(settledBy(status.console))
    }
    model.subscribe(settle)
    settle()
    createRoot(root).render(<App bridge={bridge} model={model} texts={texts} preferences={preferences} />)
    loadTheRest()
  })
}
