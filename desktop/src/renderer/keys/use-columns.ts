/** The columns as they are on this screen: those there is room for, with the widths that were chosen. */
import { useCallback, useLayoutEffect, useMemo, useState, useSyncExternalStore, type RefObject } from 'react'
import { useConsole } from '../console-context.ts'
import { columnsFor, readWidths, widthsText, type GridColumn, type Widths } from './columns.ts'

const preference = 'keys.widths'

export const useShownColumns = (box: RefObject<HTMLElement | null>): readonly GridColumn[] => {
  const [shown, setShown] = useState(() => columnsFor(innerWidth, innerWidth))
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const look = (): void => {
      // Not in sight at all, behind the details of a key.
      if (element.clientWidth === 0) return
      const next = columnsFor(innerWidth, element.clientWidth)
      setShown((before) => (before.join() === next.join() ? before : next))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return shown
}

/** `keep`: it is remembered; not yet while it is being dragged. */
export const useWidths = (): readonly [Widths, (widths: Widths, keep: boolean) => void] => {
  const { preferences } = useConsole()
  const kept = useSyncExternalStore(preferences.subscribe, () => preferences.get(preference))
  const [dragged, setDragged] = useState<Widths | null>(null)
  const remembered = useMemo(() => readWidths(kept), [kept])
  const set = useCallback(
    (widths: Widths, keep: boolean): void => {
      setDragged(keep ? null : widths)
      if (keep) preferences.set(preference, widthsText(widths))
    },
    [preferences],
  )
  return [dragged ?? remembered, set]
}
