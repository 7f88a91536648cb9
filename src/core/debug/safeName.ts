import { redact } from './redact';

/** A name that somebody outside may have given, for one line of a log, without what it could hide. */
export function safeName(name: string): string {
  return redact(name)
    .replace(/[^\w.:@/+[\]-]/g, '?')
    .slice(0, 80);
}
