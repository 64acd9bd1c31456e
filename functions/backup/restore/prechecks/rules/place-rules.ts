import { notChecked, pass, refuse, warn } from '../../../preflight/preflight-rule.ts';
import { keyOf } from '../../../preflight/required-rights.ts';
import { sayByteSize } from '../../../values/byte-size.ts';
import { defineRestoreRule } from '../restore-rule.ts';

/** Whether the place can take it: buckets, rights, disk. */

export const scratchApart = defineRestoreRule({
  code: 'scratch-apart',
  title: 'A scratch place is not the GitLab that people use',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ target }) => ({ known: true, value: target }),
  learn: 'Look at drydock.yaml.',
  judge: (target, { origin }) => {
    if (target.kind === 'environment')
      return [pass(`The GitLab of ${target.environment} was named on purpose.`)];
    const isSame =
      target.cluster === origin.cluster &&
      target.region === origin.region &&
      target.namespace === origin.namespace;
    return isSame
      ? [
          refuse(
            'The scratch place is the namespace of the GitLab that people use.',
            'Give it another namespace or cluster.',
          ),
        ]
      : [pass(`It is restored into ${target.namespace} of ${target.cluster}.`)];
  },
});

export const cronJob = defineRestoreRule({
  code: 'cron-template',
  title: 'There is a CronJob of the toolbox, of which the Job is made',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ hasCronJob }) => hasCronJob,
  learn: 'Give the role of the restore the right to get CronJobs in the namespace of GitLab.',
  judge: (isThere) =>
    isThere
      ? [pass('There is one.')]
      : [
          refuse(
            'There is none.',
            'Write gitlab.toolbox.backups.cron.enabled: true into the values of that GitLab.',
          ),
        ],
});

export const bucketsApart = defineRestoreRule({
  code: 'buckets-apart',
  title: 'Each kind of object has a bucket of its own',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ release }) => release,
  learn: 'Give the reader of releases its rights, or look at the values by hand.',
  judge: ({ components, backupBucket, tmpBucket }) => {
    const named: { readonly who: string; readonly bucket: string }[] = [
      ...components.flatMap(({ component, on, bucket }) =>
        on && bucket !== undefined ? [{ who: component, bucket }] : [],
      ),
      ...(backupBucket === undefined ? [] : [{ who: 'the backups', bucket: backupBucket }]),
      ...(tmpBucket === undefined ? [] : [{ who: 'what is replaced', bucket: tmpBucket }]),
    ];
    const shared = named.filter(
      ({ bucket }, index) => named.findIndex((one) => one.bucket === bucket) !== index,
    );
    if (shared.length > 0) {
      const words = shared.map(({ who, bucket }) => `${bucket} (${who})`).join(', ');
      return [
        refuse(
          `The tool empties each bucket before it fills it, and these are shared: ${words}. What one kind has just restored, the next would delete.`,
          'Give each kind a bucket of its own before anything is restored.',
        ),
      ];
    }
    return tmpBucket === undefined
      ? [refuse('No bucket is named for what is replaced.', 'Set global.appConfig.backups.tmpBucket.')]
      : [pass(`${named.length} buckets, all apart.`)];
  },
});

export const rights = defineRestoreRule({
  code: 'role-rights',
  title: 'The role of the toolbox may empty and fill every bucket',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: (facts) => facts.rights,
  learn: 'Give this function iam:SimulatePrincipalPolicy on the role of the toolbox.',
  judge: ({ needed, answers }) => {
    const byKey = new Map(answers.map((one) => [keyOf(one), one]));
    const denied = needed.filter((one) => {
      const answer = byKey.get(keyOf(one));
      return answer !== undefined && answer.decision !== 'allowed' && answer.missingContext.length === 0;
    });
    const unsure = needed.filter((one) => {
      const answer = byKey.get(keyOf(one));
      return answer === undefined || (answer.decision !== 'allowed' && answer.missingContext.length > 0);
    });
    return [
      ...denied.map((one) =>
        refuse(
          `The role may not ${keyOf(one)}: the restore would break off in the middle.`,
          `Allow ${one.action} on ${one.resource}.`,
        ),
      ),
      ...(unsure.length === 0
        ? []
        : [
            notChecked(
              `IAM gave no answer for ${unsure.map(keyOf).slice(0, 3).join(', ')}.`,
              'Look at conditions in its policies.',
            ),
          ]),
      ...(denied.length + unsure.length === 0 ? [pass(`It has all ${needed.length} rights.`)] : []),
    ];
  },
});

/** The archive as it is fetched, and beside it all that is unpacked; GitLab plans two to three times. */
const SURELY_FULL = 2;
const COMFORTABLE = 3;

export const space = defineRestoreRule({
  code: 'restore-space',
  title: 'The archive can be unpacked on the disk of the Job',
  ifUnknown: 'go-on',
  mayOverride: true,
  fact: ({ scratch }) => scratch,
  learn: 'Look at the volume of the CronJob by hand.',
  judge: (scratch, { set }) => {
    const archive = set.parts.find(({ kind }) => kind === 'archive');
    const size = archive?.kind === 'archive' ? archive.object.size : undefined;
    const remedy = `Set gitlab.toolbox.backups.cron.persistence.size to ${size === undefined ? 'three times the archive' : sayByteSize(size * COMFORTABLE)}; who restores by hand in the toolbox needs gitlab.toolbox.persistence.size as well.`;
    if (size === undefined || scratch?.bytes === undefined) {
      return [notChecked('How much room there is, or how much it takes, is not known.', remedy)];
    }
    const message = `An archive of ${sayByteSize(size)} takes two to three times as much when it is unpacked, and there are ${sayByteSize(scratch.bytes)}.`;
    if (scratch.bytes < size * SURELY_FULL) return [refuse(message, remedy)];
    return scratch.bytes < size * COMFORTABLE ? [warn(message, remedy)] : [pass(message)];
  },
});
