// The few signs of the phone, drawn by hand on a 24 × 24 grid; always beside a word.
const paths = {
  list: 'M4 6h16M4 12h16M4 18h10',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  door: 'M6 21V3h12v18M3 21h18M14 12h.01',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  help: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17h.01',
  me: 'M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6',
  home: 'M4 11l8-7l8 7v9h-5v-6H9v6H4z',
  clock: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l3 3',
  check: 'M4 12l6 6L20 6',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  stop: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM6 6l12 12',
  lock: 'M6 11h12v10H6zM9 11V7a3 3 0 0 1 6 0v4',
  cloud: 'M7 18a4 4 0 0 1 0-8a6 6 0 0 1 11.5 1.5A3.5 3.5 0 0 1 18 18zM12 17v-5M10 14l2-2l2 2',
  off: 'M3 3l18 18M7 18a4 4 0 0 1-.5-8M10 6a6 6 0 0 1 8.5 5.5A3.5 3.5 0 0 1 20 17',
  phone: 'M6 3h4l1 5l-2 1a12 12 0 0 0 6 6l1-2l5 1v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z',
  back: 'M15 5l-7 7l7 7',
  next: 'M9 5l7 7l-7 7',
  pulse: 'M3 12h4l3-7l4 14l3-7h4',
  more: 'M4 11h2v2H4zM11 11h2v2h-2zM18 11h2v2h-2z',
  erase: 'M9 6h11v12H9l-6-6zM12 10l4 4M16 10l-4 4',
} as const

export type IconName = keyof typeof paths

/** A sign; decoration for the word beside it, so it is hidden from a screen reader. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
)
