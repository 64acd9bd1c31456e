import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/** The stop button, which every write honours. */
export const notPaused = definePreflightRule({
  code: 'not-paused',
  title: 'Backups are not paused',
  ifUnknown: 'stop',
  concerns: 'run',
  fact: ({ pause }) => pause,
  learn: 'Look whether the ledger can be read.',
  judge: (verdict) =>
    verdict.ok
      ? [pass('Backups are not paused.')]
      : [
          refuse(
            `It is ${verdict.reason}.`,
            'Resume it when the reason is gone; until then no backup is made, and the alarm of freshness goes on.',
          ),
        ],
});
