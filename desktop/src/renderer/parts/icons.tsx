/** Icons, drawn here: a few lines each, in the colour of the text around them. What they mean is said in words beside them. */
import type { ReactNode } from 'react'
import type { Standing } from '../keys/standing.ts'

const Icon = ({ children }: { children: ReactNode }) => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
    {children}
  </svg>
)

const octagon = 'M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z'
const circle = <circle cx="8" cy="8" r="6.5" />

const shapes: Readonly<Record<Standing, ReactNode>> = {
  expired: (
    <>
      <path d={octagon} />
      <path d="m5.5 5.5 5 5M10.5 5.5l-5 5" />
    </>
  ),
  urgent: (
    <>
      <path d={octagon} />
      <path d="M8 4.5v4M8 10.6v1" />
    </>
  ),
  soon: (
    <>
      <path d="M8 2 14.5 13.5h-13z" />
      <path d="M8 6.5v3M8 11v.9" />
    </>
  ),
  active: (
    <>
      {circle}
      <path d="m5 8 2 2 4-4" />
    </>
  ),
  disabled: (
    <>
      {circle}
      <path d="M4.5 8h7" />
    </>
  ),
}

export const StandingIcon = ({ standing }: { standing: Standing }) => <Icon>{shapes[standing]}</Icon>

export const KeyIcon = () => (
  <Icon>
    <circle cx="5" cy="11" r="3.2" />
    <path d="m7.3 8.7 6.2-6.2M11 5l2.5 2.5" />
  </Icon>
)

export const GaugeIcon = () => (
  <Icon>
    <path d="M2.5 13a6.5 6.5 0 1 1 11 0" />
    <path d="m8 10 3-4" />
  </Icon>
)

export const MoreIcon = () => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
    <circle cx="3" cy="8" r="1.4" />
    <circle cx="8" cy="8" r="1.4" />
    <circle cx="13" cy="8" r="1.4" />
  </svg>
)

export const CloseIcon = () => (
  <Icon>
    <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />
  </Icon>
)

export const LockIcon = () => (
  <Icon>
    <rect x="3" y="7" width="10" height="7" rx="1" />
    <path d="M5 7V5a3 3 0 0 1 6 0v2" />
  </Icon>
)

export const SortIcon = ({ descending }: { descending: boolean }) => (
  <Icon>
    <path d={descending ? 'M8 3v10m-4-4 4 4 4-4' : 'M8 13V3M4 7l4-4 4 4'} />
  </Icon>
)

export const ChevronIcon = () => (
  <Icon>
    <path d="m4 6 4 4 4-4" />
  </Icon>
)

/** So many lines to a page. */
export const LinesIcon = ({ lines }: { lines: 2 | 3 | 4 }) => (
  <Icon>
    <path
      d={{ 2: 'M2 5h12M2 11h12', 3: 'M2 3.5h12M2 8h12M2 12.5h12', 4: 'M2 2.5h12M2 6.2h12M2 9.8h12M2 13.5h12' }[lines]}
    />
  </Icon>
)

export const ClientIcon = () => (
  <Icon>
    <circle cx="8" cy="5" r="3" />
    <path d="M2.5 14c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5" />
  </Icon>
)

export const RouteIcon = () => (
  <Icon>
    <circle cx="3.5" cy="12.5" r="1.8" />
    <circle cx="12.5" cy="3.5" r="1.8" />
    <path d="M5.3 12.5H10a2.25 2.25 0 0 0 0-4.5H6a2.25 2.25 0 0 1 0-4.5h4.7" />
  </Icon>
)

export const CodeIcon = () => (
  <Icon>
    <path d="m5.5 4-4 4 4 4M10.5 4l4 4-4 4M9 2.5l-2 11" />
  </Icon>
)

export const DisclosureIcon = ({ open }: { open: boolean }) => (
  <Icon>
    <path d={open ? 'm3.5 6 4.5 4.5L12.5 6' : 'm6 3.5 4.5 4.5L6 12.5'} />
  </Icon>
)

export const BarsIcon = () => (
  <Icon>
    <path d="M2 14h12M4 14V9M8 14V3M12 14V6.5" />
  </Icon>
)

export const TrailIcon = () => (
  <Icon>
    <path d="M3.5 1.5h7l2 2v11h-9z" />
    <path d="M5.5 6h5M5.5 8.7h5M5.5 11.4h3" />
  </Icon>
)

export const CalendarIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="11" rx="1.5" />
    <path d="M2 6.5h12M5 1.5V4M11 1.5V4" />
  </Icon>
)

export const BellIcon = () => (
  <Icon>
    <path d="M2.5 12h11l-1.5-2V7a4 4 0 0 0-8 0v3zM6.5 14.3h3" />
  </Icon>
)

export const BackupIcon = () => (
  <Icon>
    <path d="M8 1.5 13.5 4v4c0 3.2-2.3 5.4-5.5 6.5C4.8 13.4 2.5 11.2 2.5 8V4z" />
    <path d="m5.5 8 2 2 3-4" />
  </Icon>
)

export const SlidersIcon = () => (
  <Icon>
    <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6" />
    <circle cx="10" cy="4.5" r="1.8" />
    <circle cx="6" cy="11.5" r="1.8" />
  </Icon>
)

export const InfoIcon = () => (
  <Icon>
    {circle}
    <path d="M8 7.3v4M8 4.6v1" />
  </Icon>
)

export const LimitIcon = () => (
  <Icon>
    <path d="M3.5 1.5h9M3.5 14.5h9M4.5 1.5c0 4 3.5 4.5 3.5 6.5s-3.5 2.5-3.5 6.5M11.5 1.5c0 4-3.5 4.5-3.5 6.5s3.5 2.5 3.5 6.5" />
  </Icon>
)

export const PersonKeyIcon = () => (
  <Icon>
    <rect x="1.5" y="3" width="13" height="10" rx="1.5" />
    <circle cx="5.3" cy="7" r="1.5" />
    <path d="M3 11c.4-1.4 1.2-2 2.3-2s1.9.6 2.3 2M9.8 6.5h3M9.8 9.5h3" />
  </Icon>
)
