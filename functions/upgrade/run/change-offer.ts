import { type GitLab, openGitLab } from '../../clients/gitlab.ts';
import { readSecret } from '../../clients/secrets.ts';
import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { UpgradePlan } from '../../records/upgrade/plan.ts';
import { isDrydockError } from '../../runtime/errors.ts';
import type { Move } from '../plan/due-move.ts';
import { describePlan } from '../telling/plan-text.ts';
import type { OfferChange } from './next-offer.ts';
import { editVersion } from './version-edit.ts';

type GitLabSettings = NonNullable<UpgradeSettings['gitlab']>;
type Changes = Pick<GitLab, 'readFile' | 'proposeChange'>;

/** Offers changes in the GitLab of the settings, with the token that they name. */
export const openChangeOffers =
  (
    open: (gitlab: GitLabSettings) => Promise<Changes> = async ({ url, token }) =>
      openGitLab({ url, token: await readSecret(token.secret) }),
  ): OfferChange =>
  async (plan, move, gitlab, signal) => {
    const file = gitlab?.mergeRequest;
    if (!gitlab || !file) return undefined;
    try {
      return await offer(plan, move, { project: gitlab.project, ...file }, await open(gitlab), signal);
    } catch (error) {
      if (!isDrydockError(error)) throw error;
      return `could offer no merge request: ${error.message}`;
    }
  };

const offer = async (
  plan: UpgradePlan,
  { from, to }: Move,
  { project, file, line, branch }: NonNullable<GitLabSettings['mergeRequest']> & { readonly project: string },
  changes: Changes,
  signal: AbortSignal,
): Promise<string> => {
  const present = await changes.readFile(project, file, branch, signal);
  if (!present) return `could offer no merge request: ${branch} of ${project} has no file ${file}`;
  const edited = editVersion(present.text, line, to);
  if (!edited.ok) return `could offer no merge request: ${edited.reason} (${file})`;
  if (edited.isThere) return `found ${to} in ${file} already`;
  const asItIs = editVersion(present.text, line, from);
  if (!asItIs.ok || !asItIs.isThere) {
    return `could offer no merge request: ${file} does not say ${from}, which the cluster is at; a change is under way, or it is another cluster's`;
  }
  const proposed = await changes.proposeChange(
    {
      project,
      file,
      branch,
      content: edited.text,
      title: `EKS cluster ${plan.cluster}: Kubernetes ${to}`,
      description: describePlan(plan)
        .map((one) => `- ${one}`)
        .join('\n'),
      source: `drydock/${plan.cluster}-${to}`,
    },
    signal,
  );
  return proposed.outcome === 'proposed'
    ? `offered the merge request ${proposed.url}`
    : `found ${to} in ${file} already`;
};
