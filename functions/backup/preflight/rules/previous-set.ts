import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/** Two runs at once share locks, disk and bucket, and the later one judges its size by a half-made set. */
export const previousSet = definePreflightRule({
  code: 'previous-set',
  title: 'The set before this one is finished',
  ifUnknown: 'stop',
  concerns: 'run',
  fact: (facts) => facts.previousSet,
  learn: 'Look whether the ledger can be read.',
  judge: (previous) => {
    if (previous === undefined) return [pass('It is the first set.')];
    if (previous.state === 'ended') return [pass(`Set ${previous.id} is finished.`)];
    return [
      refuse(
        `Set ${previous.id} is still being made, since ${previous.startedAt}.`,
        'Wait for it; when its execution is gone, the sweep closes it.',
      ),
    ];
  },
});
