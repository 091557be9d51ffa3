// A QR code as one shape: black squares on white, sharp at any size, on paper as on a screen.
import { encode } from 'uqr'

/** Draws `value` with error correction M (15 %) and the quiet border that readers need. `size` is a CSS length; `label` says what it is for. */
export function QrCode({ value, label, size = '28mm' }: { value: string; label: string; size?: string }) {
  const { data, size: modules } = encode(value, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${modules} ${modules}`}
      style={{ width: size, height: size }}
      shapeRendering="crispEdges"
    >
      <rect width={modules} height={modules} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
