import { type GitLab, openGitLab } from '../clients/gitlab.ts';
import { readSecret } from '../clients/secrets.ts';
import type { UpgradeSettings } from '../records/configuration/upgrade.ts';
import type { UpgradePlan } from '../records/upgrade/plan.ts';
import { isDrydockError } from '../runtime/errors.ts';
import { describePlan } from './plan-text.ts';
import { editVersion } from './version-edit.ts';

type GitLabSettings = NonNullable<UpgradeSettings['gitlab']>;
type Changes = Pick<GitLab, 'readFile' | 'proposeChange'>;

/**
 * Offers the change of version as a merge request, where the settings ask for one.
 *
 * @returns what came of it, as the end of a sentence; undefined when nobody asked. A GitLab that says no stops
 * nothing: the plan is handed over all the same, and says what could not be offered.
 */
export type OfferChange = (
  plan: UpgradePlan,
  gitlab: GitLabSettings | undefined,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** Offers changes in the GitLab of the settings, with the token that they name. */
export const openChangeOffers =
  (
    open: (gitlab: GitLabSettings) => Promise<Changes> = async ({ url, token }) =>
      openGitLab({ url, token: await readSecret(token.secret) }),
  ): OfferChange =>
  async (plan, gitlab, signal) => {
    const file = gitlab?.mergeRequest;
    if (!gitlab || !file) return undefined;
    try {
      return await offer(plan, gitlab.project, file, await open(gitlab), signal);
    } catch (error) {
      if (!isDrydockError(error)) throw error;
      return `could offer no merge request: ${error.message}`;
    }
  };

const offer = async (
  plan: UpgradePlan,
  project: string,
  { file, line, branch }: NonNullable<GitLabSettings['mergeRequest']>,
  changes: Changes,
  signal: AbortSignal,
): Promise<string> => {
  // One minor a merge request: the control plane takes no more at a time, whoever asks.
  const move = plan.steps.find((step) => step.kind === 'control-plane');
  if (move?.kind !== 'control-plane')
    return 'offered no merge request, as the control plane stays where it is';
  const { from, to: first } = move;
  const present = await changes.readFile(project, file, branch, signal);
  if (!present) return `could offer no merge request: ${branch} of ${project} has no file ${file}`;
  const edited = editVersion(present.text, line, first);
  if (!edited.ok) return `could offer no merge request: ${edited.reason} (${file})`;
  if (edited.isThere) return `found ${first} in ${file} already`;
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
      title: `EKS cluster ${plan.cluster}: Kubernetes ${first}`,
      description: describePlan(plan)
        .map((one) => `- ${one}`)
        .join('\n'),
      source: `drydock/${plan.cluster}-${first}`,
    },
    signal,
  );
  return proposed.outcome === 'proposed'
    ? `offered the merge request ${proposed.url}`
    : `found ${first} in ${file} already`;
};
