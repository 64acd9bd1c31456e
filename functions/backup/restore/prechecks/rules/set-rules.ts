import { DAY_MS } from '../../../../rules/utc-days.ts';
import { type PreflightVerdict, pass, refuse, warn } from '../../../preflight/preflight-rule.ts';
import { defineRestoreRule } from '../restore-rule.ts';

/** Whether the set can be restored at all, and into what stands there. */

/** An object can rot or be replaced; a set is read anew each week where nobody says otherwise. */
const FRESH_DAYS = 10;

export const setVerified = defineRestoreRule({
  code: 'set-verified',
  title: 'The set was read and found whole, not long ago',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ set }) => ({ known: true, value: set }),
  learn: 'Look whether the ledger can be read.',
  judge: ({ id, state, verification }, { now }) => {
    if (state !== 'verified' || verification === undefined) {
      const reasons = (verification?.reasons ?? [])
        .filter(({ result }) => result !== 'note')
        .slice(0, 3)
        .map(({ message }) => message);
      const message = [`Set ${id} is ${state}.`, ...reasons].join(' ');
      return [refuse(message, 'Choose a verified set, or have this one verified again first.')];
    }
    const days = Math.floor((now.getTime() - Date.parse(verification.at)) / DAY_MS);
    return days > FRESH_DAYS
      ? [warn(`Set ${id} was read ${days} days ago.`, 'Start backup-verification for it before the restore.')]
      : [pass(`Set ${id} was read on ${verification.at} and found whole.`)];
  },
});

export const setArchive = defineRestoreRule({
  code: 'set-archive',
  title: 'The set has an archive that the tool can restore',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ set }) => ({ known: true, value: set }),
  learn: 'Look whether the ledger can be read.',
  judge: ({ id, parts, needs, deletion }) => {
    if (deletion) {
      const message = `Set ${id} is being deleted since ${deletion.startedAt}.`;
      return [refuse(message, 'Choose a set that stays.')];
    }
    if (!parts.some(({ kind }) => kind === 'archive')) {
      return [refuse(`Set ${id} has no archive.`, 'Choose a set with an archive.')];
    }
    return needs.length === 0
      ? [pass('It has an archive that needs no other.')]
      : [refuse(`Set ${id} can not be restored without ${needs.join(', ')}.`, 'Choose a full set.')];
  },
});

export const sameVersion = defineRestoreRule({
  code: 'version',
  title: 'GitLab stands there in version and edition of the backup',
  ifUnknown: 'stop',
  mayOverride: false,
  fact: ({ runningVersion }) => runningVersion,
  learn: 'Give the role of the restore the right to get CronJobs in the namespace of GitLab.',
  judge: (running, { set }) =>
    running === set.gitlabVersion
      ? [pass(`Both are ${running}.`)]
      : [
          refuse(
            `The backup is of GitLab ${set.gitlabVersion}, and ${running} stands there; the tool takes exactly its own version and edition.`,
            `Deploy GitLab ${set.gitlabVersion} there first, and upgrade behind the restore.`,
          ),
        ],
});

export const installationType = defineRestoreRule({
  code: 'installation-type',
  title: 'The archive is one of the GitLab chart',
  ifUnknown: 'go-on',
  mayOverride: true,
  fact: ({ information }) => information,
  learn: 'Have the set verified again.',
  judge: ({ installationType: type }) =>
    type === 'gitlab-helm-chart'
      ? [pass('It was made by the toolbox of the chart.')]
      : [
          warn(
            `It was made by ${type ?? 'an unknown installation'}: the tool restores its database and repositories, and no objects.`,
            'Move the objects into their buckets by hand.',
          ),
        ],
});

export const storages = defineRestoreRule({
  code: 'storages',
  title: 'Repositories find the storages that they lay in',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ information, release }) =>
    information.known && release.known
      ? { known: true, value: { was: information.value.storages, is: release.value.gitaly } }
      : {
          known: false,
          why: [information, release].flatMap((one) => (one.known ? [] : [one.why])).join(', '),
        },
  learn: 'Compare the names of the Gitaly storages by hand.',
  judge: ({ was, is }): PreflightVerdict[] => {
    const missing = was.filter((name) => !is.storages.includes(name));
    return missing.length === 0
      ? [pass(`All storages are there: ${is.storages.join(', ')}.`)]
      : [
          refuse(
            `There is no storage ${missing.join(', ')}; its repositories would be restored nowhere.`,
            'Give the storages of Gitaly the names that they had.',
          ),
        ];
  },
});
