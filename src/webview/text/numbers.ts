import type { TokenUsage } from '../../core/protocol/usage';

/** 950, 1.2k, 35k, 1.4M: short enough for a footer of 220 px. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 9950) return `${trimZero((count / 1000).toFixed(1))}k`;
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${trimZero((count / 1_000_000).toFixed(1))}M`;
}

/** 0.4 s, 12 s, 2 min 5 s. */
export function shortDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${trimZero(seconds.toFixed(1))} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

/** 0 KB, 840 KB, 12 MB, 1.4 GB: what files take on disk. */
export function sizeText(sizeBytes: number): string {
  const megabytes = sizeBytes / 1_000_000;
  if (megabytes < 0.9995) return `${Math.ceil(sizeBytes / 1000)} KB`;
  if (megabytes < 9.95) return `${trimZero(megabytes.toFixed(1))} MB`;
  return megabytes < 999.5 ? `${Math.round(megabytes)} MB` : `${trimZero((megabytes / 1000).toFixed(1))} GB`;
}

/** "1 session", "2,000 sessions". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** The price as people read it; an unknown one is said, never shown as nothing. */
export function priceText(usage: TokenUsage, demo: boolean): string {
  if (demo || usage.totalTokens === 0) return '';
  return usage.cost === undefined ? 'price unknown' : costText(usage.cost);
}

/** $0, < $0.01, $1.25. */
export function costText(dollars: number): string {
  if (dollars === 0) return '$0';
  return dollars < 0.01 ? '< $0.01' : `$${dollars.toFixed(2)}`;
}

const trimZero = (text: string): string => text.replace(/\.0$/, '');
