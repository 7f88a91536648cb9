/** Keys and tokens by their usual shapes: what looks like one never reaches a log. */
export function redact(text: string): string {
  return secretShapes.reduce(
    (clean, shape) =>
      clean.replace(shape, (_all, kept?: unknown) => `${typeof kept === 'string' ? kept : ''}[redacted]`),
    text,
  );
}

const secretShapes = [
  /\b(?:sk|pk|rk|xai|gsk|AIza|ghp|gho|ghs|glpat|xox[abp])[-_A-Za-z0-9]{16,}/g,
  /\b(Bearer\s+)[\w.~+/=-]{12,}/gi,
  /((?:api[-_]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?)[^\s"',}]{6,}/gi,
];
