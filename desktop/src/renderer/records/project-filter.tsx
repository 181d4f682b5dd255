/** Only the records of one project. */
import { useConsole } from '../console-context.ts'
import { CountSaid } from '../pages/keys-page.tsx'
import { byText } from './search.ts'

/** `project` null: those without one. */
export type ProjectChoice = { readonly kind: 'all' } | { readonly kind: 'one'; readonly project: string | null }

/** Each once, in order. */
export const projectsIn = (records: readonly { readonly project: string | null }[]): string[] =>
  [...new Set(records.flatMap(({ project }) => project ?? []))].toSorted(byText)

interface ProjectFilterProps {
  readonly projects: readonly string[]
  readonly chosen: ProjectChoice
  readonly onChoose: (choice: ProjectChoice) => void
  /** How many are shown. */
  readonly shown: string
}

export const ProjectFilter = ({ projects, chosen, onChoose, shown }: ProjectFilterProps) => {
  const { texts } = useConsole()
  const { records } = texts
  const choices: readonly (readonly [string, ProjectChoice])[] = [
    [records.allProjects, { kind: 'all' }],
    [records.noProject, { kind: 'one', project: null }],
    ...projects.map((project) => [project, { kind: 'one', project }] as const),
  ]
  const at = choices.findIndex(
    ([, choice]) => choice.kind === chosen.kind && (choice.kind === 'all' || choice.project === projectOf(chosen)),
  )
  return (
    <div className="chips">
      {projects.length === 0 ? null : (
        <select
          className="project-choice"
          aria-label={records.project}
          value={String(at)}
          onChange={({ target }) => onChoose(choices[Number(target.value)]?.[1] ?? { kind: 'all' })}
        >
          {choices.map(([text], each) => (
            <option key={each} value={String(each)}>
              {text}
            </option>
          ))}
        </select>
      )}
      <span className="hint shown">{shown}</span>
      <CountSaid text={shown} />
    </div>
  )
}

const projectOf = (choice: ProjectChoice): string | null | undefined =>
  choice.kind === 'one' ? choice.project : undefined
