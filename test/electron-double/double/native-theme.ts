/** `nativeTheme`. Pages really change: Chromium is told which colours the system has. */
import { EventEmitter } from 'node:events'
import { strict } from './strict.ts'

class NativeTheme
  extends EventEmitter
  implements
    Pick<
      Electron.NativeTheme,
      | 'inForcedColorsMode'
      | 'prefersReducedTransparency'
      | 'shouldUseDarkColors'
      | 'shouldUseHighContrastColors'
      | 'shouldUseInvertedColorScheme'
      | 'themeSource'
    >
{
  // A system with light colours and nothing special.
  readonly inForcedColorsMode = false
  readonly prefersReducedTransparency = false
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  #source: Electron.NativeTheme['themeSource'] = 'system'

  get themeSource(): Electron.NativeTheme['themeSource'] {
    return this.#source
  }
  set themeSource(source: Electron.NativeTheme['themeSource']) {
    this.#source = source
    this.emit('updated')
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
}
strict('nativeTheme', NativeTheme.prototype)
export const nativeTheme = new NativeTheme()
