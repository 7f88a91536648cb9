/** Our own 16 px line icons in the manner of VS Code's; the ids are what they show. */
const paths = {
  add: 'M8 3v10M3 8h10',
  alert: 'M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.2v.1',
  back: 'M7 3.5 2.5 8 7 12.5M2.5 8h11',
  ask: 'M3 8a5 5 0 1 1 10 0 5 5 0 0 1-10 0ZM8 5.6v3M8 10.4v.1',
  bolt: 'M9 1.8 3.5 9H8l-1 5.2L12.5 7H8l1-5.2Z',
  check: 'm3.5 8.5 3 3 6-7',
  checkCircle: 'M2.5 8a5.5 5.5 0 1 1 11 0 5.5 5.5 0 0 1-11 0ZM5.5 8.2l1.8 1.8 3.2-3.8',
  chevronDown: 'm4 6 4 4 4-4',
  chevronRight: 'm6 4 4 4-4 4',
  circle: 'M3.5 8a4.5 4.5 0 1 1 9 0 4.5 4.5 0 0 1-9 0Z',
  comment: 'M2.5 3.5h11v7.5H7L4 13.5V11H2.5V3.5Z',
  close: 'm4 4 8 8M12 4l-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8v-8Z',
  diff: 'M8 3v5M5.5 5.5h5M5.5 12h5',
  down: 'M8 3v10m-4-4 4 4 4-4',
  edit: 'm3 13 .7-3L11 2.7 13.3 5 6 12.3 3 13ZM9.5 4.2l2.3 2.3',
  error: 'M2.5 8a5.5 5.5 0 1 1 11 0 5.5 5.5 0 0 1-11 0ZM6 6l4 4M10 6l-4 4',
  globe: 'M2.5 8a5.5 5.5 0 1 1 11 0 5.5 5.5 0 0 1-11 0ZM2.7 8h10.6M8 2.5c-3 3.2-3 7.8 0 11M8 2.5c3 3.2 3 7.8 0 11',
  file: 'M4 2.5h5l3 3v8H4v-11ZM9 2.5v3h3',
  fork: 'M5 4.4a1.4 1.4 0 1 0-.1 0ZM11 4.4a1.4 1.4 0 1 0-.1 0ZM8 14.4a1.4 1.4 0 1 0-.1 0ZM5 4.4v1.8c0 1 .8 1.8 1.8 1.8h2.4c1 0 1.8-.8 1.8-1.8V4.4M8 8v3.6',
  folder: 'M2.5 12.5v-9h4l1.5 2h5.5v7h-11Z',
  history: 'M3 8a5 5 0 1 0 1.6-3.7M3 3v2.5h2.5M8 5.5V8l2 1.5',
  image: 'M2.5 3.5h11v9h-11v-9ZM2.5 10.5 6 7.5l3 2.8 2-1.6 2.5 2M10.2 6.3v.1',
  info: 'M2.5 8a5.5 5.5 0 1 1 11 0 5.5 5.5 0 0 1-11 0ZM8 7.4v3.2M8 5.3v.1',
  key: 'M2.5 10.5a2.7 2.7 0 1 1 4.2 1.6 2.7 2.7 0 0 1-4.2-1.6ZM7 8.8l5.5-5.5M10.3 5.5l2 2',
  list: 'm2.5 4.2 1 1 1.6-2M2.5 10.7l1 1 1.6-2M7.5 4.5h6M7.5 11h6',
  more: 'M3.5 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0ZM7.6 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0ZM11.7 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0Z',
  pause: 'M5.5 4v8M10.5 4v8',
  pin: 'M6 2.5h4M6.7 2.5v4L4.5 9h7L9.3 6.5v-4M8 9v4.5',
  unpin: 'M6 2.5h4M6.7 2.5v4L4.5 9h7L9.3 6.5v-4M8 9v4.5M3 3l10 10',
  rewind: 'M6 3.5 2.5 7 6 10.5M2.5 7h7a3.5 3.5 0 0 1 0 7H7',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.8h-2.8',
  search: 'M3 7a4 4 0 1 1 8 0 4 4 0 0 1-8 0ZM10 10l3.5 3.5',
  send: 'M3 13 13.5 8 3 3l1.5 5L3 13ZM4.5 8h5',
  shieldOff: 'M8 2.2 13 4v4c0 1.1-.3 2.1-.8 3M10.4 12.9A8 8 0 0 1 8 14c-2.8-1-5-3-5-6V4l.8-.3M2.5 2.5l11 11',
  shieldOn: 'M8 2.2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4l5-1.8ZM5.6 8l1.8 1.8 3.2-3.6',
  shieldPartly: 'M8 2.2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4l5-1.8ZM5.8 8h4.4',
  shieldStop: 'M8 2.2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4l5-1.8ZM6.2 6.2l3.6 3.6M9.8 6.2 6.2 9.8',
  shield: 'M8 2.2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4l5-1.8Z',
  spark: 'M8 2.5c.6 3.3 2 4.8 5.5 5.5-3.5.7-4.9 2.2-5.5 5.5C7.4 10.2 6 8.7 2.5 8 6 7.3 7.4 5.8 8 2.5Z',
  squeeze: 'M3 8h10M8 1.8v3.7M5.9 3.8 8 5.7l2.1-1.9M8 14.2v-3.7M5.9 12.2 8 10.3l2.1 1.9',
  star: 'm8 2.3 1.75 3.55 3.9.57-2.82 2.75.66 3.9L8 11.2l-3.49 1.87.66-3.9-2.82-2.75 3.9-.57L8 2.3Z',
  terminal: 'M2.5 3.5h11v9h-11v-9ZM4.8 6l2 2-2 2M8.5 10.2h2.7',
  thought: 'M5.8 12.5h4.4M6.5 14h3M8 2.2a4 4 0 0 0-2.4 7.2c.5.4.7.8.7 1.4h3.4c0-.6.2-1 .7-1.4A4 4 0 0 0 8 2.2Z',
  tool: 'M9.2 5.2a3 3 0 0 1 3.9-3l-1.9 1.9.7 1.4 1.4.4L15 4.3a3 3 0 0 1-4 3.5L5 13.5a1.3 1.3 0 0 1-2-1.8l6.3-5.5',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4',
  up: 'M8 13V3M4 7l4-4 4 4',
  window: 'M4.5 4.5v-2h9v8h-2M2.5 4.5h9v9h-9v-9ZM2.5 7h9',
  lock: 'M4 7.5h8v6H4v-6ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2',
  cut: 'M3 3l7.5 8M13 3 5.5 11M2.5 12a1.7 1.7 0 1 1 3.4 0 1.7 1.7 0 0 1-3.4 0ZM10.1 12a1.7 1.7 0 1 1 3.4 0 1.7 1.7 0 0 1-3.4 0Z',
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside a word or inside a labelled button: hidden from screen readers. */
export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** A filled square: the sign for Stop everywhere. */
export function StopIcon() {
  return (
    <svg class="icon filled" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <rect x="4" y="4" width="8" height="8" rx="1" />
    </svg>
  );
}

/** Countersign's mark: a signature stroke that ends in a check, on its line. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="40" height="40" aria-hidden="true" focusable="false">
      <path d="M2.5 15.8c2.3-5.2 4.4-10 6-9.5 1.9.7-3.2 8.9-1.2 9.2 1.6.2 2-3.2 3.4-3 1.2.2.3 2.9 2.1 3 .4 0 .8-.1 1.2-.4l2 1.4L21.5 6.5" />
      <path d="M3 20h18" />
    </svg>
  );
}
