import type { Pause } from '../records/pause.ts';

/** Which scopes stop a write to this target, the widest first. */
export const scopesOf = (write: { capability: string; environment: string; target: string }): string[] => [
  'all',
  `capability/${write.capability}`,
  `environment/${write.environment}`,
  `target/${write.target}`,
];

export type PauseVerdict = { ok: true } | { ok: false; pause: Pause; reason: string };

/** Finds the first pause that is in force; one whose expiry has passed is not. */
export const judgePauses = (pauses: readonly Pause[], now: Date): PauseVerdict => {
  const pause = pauses.find((one) => one.paused && (!one.until || now.getTime() < Date.parse(one.until)));
  if (!pause) return { ok: true };
  const until = pause.until ? `until ${pause.until}` : 'until somebody resumes it';
  return {
    ok: false,
    pause,
    reason: `paused (${pause.scope}) by ${pause.by} since ${pause.since} ${until}: ${pause.why}`,
  };
};
