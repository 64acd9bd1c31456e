import { pass, refuse, warn } from '../../../preflight/preflight-rule.ts';
import { judgeAutoscalers } from '../../autoscaling.ts';
import { findDatabaseClients } from '../../database-clients.ts';
import { findGitOpsSigns } from '../../gitops-signs.ts';
import type { PlaceFacts } from '../../place-facts.ts';
import type { RestoreFacts } from '../facts.ts';
import { defineRestoreRule } from '../restore-rule.ts';

/** Whether what is scaled to 0 stays there, and secrets open what is restored. */

/** All kinds of objects: what may have to stand still is judged, whether or not its bucket is replaced. */
const clientsOf = ({ workloads }: PlaceFacts, { target }: RestoreFacts) =>
  findDatabaseClients(workloads, { release: target.release, replaced: ['registry'] });

const LEARN = 'Give the role of the restore its rights in the namespace of that GitLab.';

export const webFound = defineRestoreRule({
  code: 'workloads',
  title: 'Web pods and Sidekiq are found, to be scaled to 0',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ place }) => place,
  learn: LEARN,
  judge: (place, facts) => {
    const found = clientsOf(place, facts).map(({ workload }) => workload.podLabels['app']);
    const missing = ['webservice', 'sidekiq'].filter((app) => !found.includes(app));
    return missing.length === 0
      ? [pass(`${found.length} workloads are scaled to 0.`)]
      : [
          refuse(
            `No workload of release ${facts.target.release} carries app=${missing.join(' or app=')}: whatever writes there would go on.`,
            'Look whether namespace and release in drydock.yaml are those of that GitLab.',
          ),
        ];
  },
});

export const gitOps = defineRestoreRule({
  code: 'gitops',
  title: 'No GitOps tool scales up again',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ place }) => place,
  learn: LEARN,
  judge: (place, facts) => {
    const signs = findGitOpsSigns(clientsOf(place, facts).map(({ workload }) => workload));
    if (signs.length === 0) return [pass('Nothing shows that a GitOps tool keeps them.')];
    return signs.map(({ workload, tool, undoes, sign }) => {
      const message = `${tool} keeps ${workload.kind} ${workload.name} as it stands in Git (${sign}).`;
      return undoes === 'surely'
        ? refuse(message, `Pause ${tool} for it, and write an override of "gitops" that says so.`)
        : warn(message, `Where drift detection is on, suspend the HelmRelease first.`);
    });
  },
});

export const autoscalers = defineRestoreRule({
  code: 'autoscalers',
  title: 'No autoscaler scales up again',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: ({ place }) => place,
  learn: LEARN,
  judge: (place, facts) => {
    const judged = judgeAutoscalers(place.autoscalers, clientsOf(place, facts));
    if (judged.length === 0) return [pass('There is none.')];
    return judged.map(({ verdict, message, autoscaler }) =>
      verdict === 'unstoppable'
        ? refuse(message, `Delete ${autoscaler.kind} ${autoscaler.name} for the time of the restore.`)
        : pass(message),
    );
  },
});

export const secrets = defineRestoreRule({
  code: 'secrets',
  title: 'The secrets there open what is in the backup',
  ifUnknown: 'stop',
  mayOverride: true,
  fact: (facts) => facts.secrets,
  learn: 'Give the reader of secrets its rights, or compare gitlab-rails-secret by hand.',
  judge: ({ meaning, secrets: rows }, { set }) => {
    if (meaning === 'as-it-is') return [pass(`All ${rows.length} secrets open it.`)];
    const bad = rows.filter((row) => row.meaning === meaning);
    const said = bad.map(({ message }) => message).join(' ');
    if (meaning === 'unknown') {
      return [
        refuse(
          `${said} Without a proof that they match, a restore could end with a database that nobody can read.`,
          'Restore the secrets by hand and compare, or choose a set with its secrets.',
        ),
      ];
    }
    return set.secrets === undefined
      ? [
          refuse(
            `${said} The set has no secrets to put back.`,
            'Restore gitlab-rails-secret from where you keep it.',
          ),
        ]
      : [warn(`${said} They are written from the set before anything is replaced.`, 'Nothing.')];
  },
});
