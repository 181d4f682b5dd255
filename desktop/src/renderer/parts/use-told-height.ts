/** Tells the stylesheets how high something is that lies over the page, so that what is under it can be scrolled clear. */
import { useLayoutEffect, useState } from 'react'

/** Gives the ref of what is measured. `name`: the custom property of the frame, as long as it is there. */
export const useToldHeight = (name: `--${string}`): ((element: HTMLElement | null) => void) => {
  const [element, setElement] = useState<HTMLElement | null>(null)
  useLayoutEffect(() => {
    const frame = element?.closest<HTMLElement>('.frame')
    if (element === null || frame === null || frame === undefined) return undefined
    const tell = (): void => frame.style.setProperty(name, `${element.offsetHeight}px`)
    tell()
    const watching = new ResizeObserver(tell)
    watching.observe(element)
    return () => {
      watching.disconnect()
      frame.style.removeProperty(name)
    }
  }, [element, name])
  return setElement
}
