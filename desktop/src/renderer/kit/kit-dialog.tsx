/**
 * The connector kit: the files that connector platforms import, made from what a client or a collection reaches. Promises: one
 * click from here to a file; that an address is guessed is said, with where to settle it.
 */
import { useState } from 'react'
import type { KitFile, KitView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/form.tsx'
import { Command, Loaded } from '../parts/states.tsx'
import { byName } from '../records/search.ts'
import { useAll } from '../records/use-all.ts'
import { commandLine } from '../shell.ts'
import { useAsked } from '../use-asked.ts'
import { kitCommand, kitGroups, kitOfText, textOfKit, type KitGroup, type KitOf } from './kit-groups.ts'

export interface KitDialogProps {
  /** Null: it is chosen here. */
  readonly of: KitOf | null
  readonly onClose: () => void
}

export const KitDialog = ({ of: asked, onClose }: KitDialogProps) => {
  const { texts } = useConsole()
  const { kit } = texts
  const [chosen, setChosen] = useState(asked)
  const query = chosen === null ? null : { query: { [chosen.kind]: chosen.id } }
  const found = useAsked('kit.get', query)
  return (
    <Dialog title={kit.title} onClose={onClose} className="broad kit">
      <Choice chosen={chosen} onChoose={setChosen} />
      {chosen === null ? null : (
        <Loaded asked={found} text={kit.loading} rows={6}>
          {(view) => <Kit of={chosen} view={view} onClose={onClose} />}
        </Loaded>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}

interface ChoiceProps {
  readonly chosen: KitOf | null
  readonly onChoose: (of: KitOf | null) => void
}

const Choice = ({ chosen, onChoose }: ChoiceProps) => {
  const { texts } = useConsole()
  const { kit } = texts
  const lists = [
    { kind: 'client', label: kit.clients, all: useAll('clients.list').data ?? [] },
    { kind: 'collection', label: kit.collections, all: useAll('collections.list').data ?? [] },
  ] as const
  return (
    <Field label={kit.of} fault={undefined}>
      {(props) => (
        <select {...props} value={textOfKit(chosen)} onChange={(event) => onChoose(kitOfText(event.target.value))}>
          {chosen === null ? <option value="">{kit.choose}</option> : null}
          {lists.map(({ kind, label, all }) => (
            <optgroup key={kind} label={label}>
              {all.toSorted(byName).map(({ id, name }) => (
                <option key={id} value={textOfKit({ kind, id })}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  )
}

interface KitProps {
  readonly of: KitOf
  readonly view: KitView
  readonly onClose: () => void
}

const Kit = ({ of, view, onClose }: KitProps) => {
  const { texts, go } = useConsole()
  const { kit } = texts
  const { save, isSaving } = useSaving()
  return (
    <>
      <p className="hint">{kit.about(view.title, view.version)}</p>
      <h3>{kit.base}</h3>
      <Address label={kit.copyBase} text={view.base_url} />
      {view.base_url_guessed ? (
        <p className="guessed">
          {kit.guessed}{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              onClose()
              go('settings')
            }}
          >
            {kit.toSettings}
          </button>
        </p>
      ) : null}
      <ul className="kit-groups">
        {kitGroups(view.files).map((group) => (
          <Group key={group.format} of={group} onSave={save} />
        ))}
      </ul>
      <p className="row">
        <button type="button" className="button primary" disabled={isSaving} onClick={() => save(view.files)}>
          {kit.downloadAll(view.files.length)}
        </button>
      </p>
      <p className="hint">{kit.folder}</p>
      <Command text={commandLine(kitCommand(of))} />
      {view.document_urls.length === 0 ? null : (
        <section>
          <h3>{kit.addresses}</h3>
          <p className="hint">{kit.addressesHint}</p>
          {view.document_urls.map(({ collection, url }) => (
            <Address key={collection.id} label={kit.copyAddress(collection.name)} text={url} />
          ))}
        </section>
      )}
    </>
  )
}

const Group = ({ of: { format, files, isSnippet }, onSave }: { of: KitGroup; onSave: (files: KitFile[]) => void }) => {
  const { bridge, texts, toasts } = useConsole()
  const { kit } = texts
  const { title, how } = kit.groups[format]
  return (
    <li>
      <div className="what">
        <h3>{title}</h3>
        <p className="hint">{how}</p>
      </div>
      <div className="files">
        {files.map((file) => (
          <div key={file.name} className="file">
            <code>{file.name}</code>
            {isSnippet ? (
              <button
                type="button"
                className="button"
                aria-label={kit.copyOne(file.name)}
                onClick={() => void bridge.copyText(file.content).then(() => toasts.show(texts.common.copied))}
              >
                {texts.common.copy}
              </button>
            ) : null}
            <button
              type="button"
              className="button"
              aria-label={kit.downloadOne(file.name)}
              onClick={() => onSave([file])}
            >
              {kit.download}
            </button>
          </div>
        ))}
      </div>
    </li>
  )
}

/** To be copied with one click. */
const Address = ({ label, text }: { label: string; text: string }) => {
  const { bridge, texts, toasts } = useConsole()
  return (
    <p className="command">
      <code>{text}</code>
      <button
        type="button"
        className="button"
        aria-label={label}
        onClick={() => void bridge.copyText(text).then(() => toasts.show(texts.common.copied))}
      >
        {texts.common.copy}
      </button>
    </p>
  )
}

/** One file after the other, for a window asks where to each; whoever thinks better of one is asked for none more. */
const useSaving = () => {
  const { bridge, texts, toasts } = useConsole()
  const [isSaving, setSaving] = useState(false)
  const saveAll = async (files: readonly KitFile[]): Promise<void> => {
    setSaving(true)
    let saved = 0
    try {
      for (const { name, content } of files) {
        if (!(await bridge.saveText(name, content))) break
        saved += 1
      }
    } catch (error) {
      toasts.show(error instanceof Error ? error.message : String(error), { alert: true })
    }
    setSaving(false)
    if (saved > 0) toasts.show(texts.kit.saved(saved), { key: 'kit' })
  }
  return { isSaving, save: (files: readonly KitFile[]): void => void saveAll(files) }
}
