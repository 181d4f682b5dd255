/** How the service is restarted: the command of this very machine, in words of what that means. */
import assert from 'node:assert/strict'
import { restartWords } from '../../../desktop/src/main/restart-words.ts'
import { englishTexts as texts } from '../../../desktop/src/renderer/texts/english.ts'

describe('console window: restarting the service', () => {
  it('where the installer has put it, by its unit; by hand, by the terminal it runs in', () => {
    const unit = restartWords('/var/lib/postern', texts)
    assert.equal(unit.command, 'systemctl restart postern')
    assert.deepEqual(unit.lines, [texts.window.restart.how, texts.window.restart.effect])
    const byHand = restartWords("/srv/Anna's keys", texts)
    assert.equal(byHand.command, String.raw`postern run --data '/srv/Anna'\''s keys'`)
    assert.match(byHand.lines[0], /Ctrl\+C/)
  })

  it('where nobody knows how it runs, nothing is made up: the command that finds out', () => {
    const { command, lines } = restartWords(null, texts)
    assert.equal(command, 'postern doctor')
    assert.deepEqual(lines, [texts.window.restart.unknown])
  })
})
