/** One policy over all tags in a process of its own: the first pick, then more of them. Prints milliseconds as JSON. */

import { pickTag } from '../../functions/deployment/tag-policy.ts';
import { TagPolicy } from '../../functions/records/tag-policy.ts';
import { POLICY_CASES } from './policy-cases.ts';

const [, , name = '', warmRuns = '1'] = process.argv;
const found = POLICY_CASES[name];
if (!found) throw new Error(`There is no policy case ${name}.`);
const { policy, tags, current } = found;

const timePick = (): number => {
  // Parsed anew, as by a new sandbox: what was compiled for the last one does not count.
  const parsed = TagPolicy.parse(policy);
  const started = performance.now();
  pickTag(parsed, current, tags);
  return performance.now() - started;
};

const coldMs = timePick();
const warmMs = Array.from({ length: Number(warmRuns) }, timePick);
console.log(JSON.stringify({ coldMs, warmMs }));
