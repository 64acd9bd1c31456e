import type { ProbeFact } from '../facts.ts';
import { definePreflightRule, notChecked, type PreflightVerdict, pass, refuse } from '../preflight-rule.ts';

/**
 * What a pod under the same ServiceAccount can really list: policies of buckets, endpoints and organisations included,
 * which a simulation does not know.
 */
export const probeAccess = definePreflightRule({
  code: 'probe-access',
  title: 'A pod under the ServiceAccount of the backup can list every bucket',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ probe }) => probe,
  learn: 'Look at the events and the log of the probe Job.',
  judge: ({ listed }, { places }) => {
    const buckets = [...new Set([...places.sources, places.backup])];
    const found = buckets.flatMap((bucket) =>
      judge(bucket, Object.hasOwn(listed, bucket) ? listed[bucket] : undefined),
    );
    if (places.unknownSources !== undefined) {
      const message = `Not every bucket of the backup is known: ${places.unknownSources}.`;
      found.push(notChecked(message, 'See what the release says, and what was skipped when it is verified.'));
    }
    return found.length > 0 ? found : [pass(`It lists all ${buckets.length} buckets.`)];
  },
});

const judge = (bucket: string, seen: Seen | undefined): PreflightVerdict[] => {
  if (seen === 'listed') return [];
  if (seen === 'denied') {
    return [
      refuse(
        `The pod may not list ${bucket}; the tool would skip it and end green.`,
        `Give the role s3:ListBucket on ${bucket}; look at the policies of the bucket and of the S3 endpoint too.`,
      ),
    ];
  }
  if (seen === 'absent') {
    return [
      refuse(
        `There is no bucket ${bucket}; the tool would skip it and end green.`,
        'Correct its name in the values, or make it.',
      ),
    ];
  }
  const how = seen === undefined ? 'was not asked for' : 'got no answer of';
  return [notChecked(`The pod ${how} ${bucket}.`, 'Look at the log of the probe Job.')];
};

type Seen = ProbeFact['listed'][string];
