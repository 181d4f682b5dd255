/** What is asked before an admin token goes, and what is shown, once, after one was made. */
import type { IssuedToken, TokenView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { useTokenActions } from './use-token-actions.ts'

/** The value is gone from the page with this dialog. */
export const IssuedTokenDialog = ({ issued, onClose }: { issued: IssuedToken; onClose: () => void }) => {
  const { bridge, texts } = useConsole()
  const words = texts.tokens.issued
  const { name, masked, value } = issued
  return (
    <Dialog title={words.title(name)} onClose={onClose}>
      <h3>{words.value}</h3>
      <SecretValue
        masked={masked}
        reveal={() => Promise.resolve(value)}
        copy={() => bridge.copyValue(value)}
        off={null}
      />
      <p className="hint">{words.once}</p>
      <p>{words.use}</p>
      <p className="command">
        <code>{words.line}</code>
      </p>
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  )
}

export const RemoveToken = ({ of: token, onClose }: { of: TokenView; onClose: () => void }) => {
  const { texts, dates, nowMs } = useConsole()
  const words = texts.tokens.remove
  const { remove } = useTokenActions()
  return (
    <ConfirmDialog
      title={texts.records.remove.title(token.name)}
      go={words.go}
      keep={texts.records.remove.keep}
      danger
      act={async () => {
        await remove(token)
        onClose()
      }}
      onClose={onClose}
    >
      <p>
        {token.last_used_at === null
          ? texts.tokens.notUsedWhy
          : words.used(dates.relative(token.last_used_at, nowMs()))}
      </p>
      <p>{words.effect}</p>
      {token.keys_count === 0 ? null : <p>{words.grants(token.keys_count)}</p>}
    </ConfirmDialog>
  )
}
