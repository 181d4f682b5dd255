/** How callers of a client sign in, beside the table. */
import type { ClientView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Fact } from '../parts/states.tsx'
import { signInSaid, waysSaid } from './sign-in-said.ts'

export const SignInFacts = ({ of: client }: { of: ClientView }) => {
  const { texts } = useConsole()
  return (
    <>
      <Fact label={texts.signIn.title}>{waysSaid(client, texts).join('\n')}</Fact>
      {signInSaid(client, texts).map(({ name, text }) => (
        <Fact key={name} label={texts.signIn.facts[name]}>
          {text}
        </Fact>
      ))}
    </>
  )
}
