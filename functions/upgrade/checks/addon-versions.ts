import type { AddonFact } from '../../records/upgrade/aws-facts.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { findAddonPath, newestCluster, runsWith } from './rules/addon-path.ts';
import { eksCommand } from './rules/command.ts';

/**
 * Every managed add-on against the Kubernetes version after the step, by what EKS offers. A version that EKS says
 * does not run with it blocks; what EKS does not know warns.
 */
export const addonVersions = defineCheck({
  code: 'addon-versions',
  title: 'Every add-on has a version that runs with the new Kubernetes version',
  reads: ['addons'],
  judge: ({ addons }, step) =>
    addons.flatMap((addon) => {
      const verdict = judgeAddon(addon, step);
      return verdict ? [verdict] : [];
    }),
});

const LINK = 'https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html';

const judgeAddon = (addon: AddonFact, step: StepContext): Verdict | undefined => {
  const { to, from, current } = step;
  const subject = `add-on ${addon.name}`;
  const evidence = [`version ${addon.version}`];
  const path = findAddonPath(addon, from, to);
  if (addon.offered.length === 0) {
    return {
      result: 'not-checked',
      subject,
      message: 'EKS does not say which versions of it there are.',
      remedy: { text: 'Ask its publisher which version runs with the new Kubernetes version.', link: LINK },
      evidence,
    };
  }
  if (!path) {
    return {
      result: 'warn',
      subject,
      message: `EKS offers no version of it for ${to}, the last is for ${newestCluster(addon) ?? 'none'}: nobody promises that it goes on working.`,
      remedy: {
        text: 'Wait until there is one, or ask its publisher; running without it may be the other way.',
        command: `aws eks describe-addon-versions --region ${step.region} --addon-name ${addon.name} --kubernetes-version ${to}`,
        link: LINK,
      },
      evidence,
    };
  }
  const runsAfter = runsWith(addon, to);
  const remedy = moveAddon(addon, path, step);
  const offered = [...evidence, `on the way: ${path.hops.join(', then ')}`];
  if (runsAfter === undefined) {
    return {
      result: 'warn',
      subject,
      message: `EKS does not offer its version ${addon.version} any more, so it does not say whether it runs with ${to}.`,
      remedy,
      evidence: offered,
    };
  }
  if (!runsAfter) {
    return {
      // What can only move afterwards must not hold up the step that it waits for.
      result: path.before ? 'block' : 'warn',
      subject,
      message: path.before
        ? `Its version ${addon.version} does not run with ${to}; ${path.hops.at(-1)} runs with ${from} and ${to}, so it can move before the control plane.`
        : `Its version ${addon.version} does not run with ${to}, and none runs with both ${from} and ${to}: it has to move right after the control plane.`,
      remedy,
      evidence: offered,
    };
  }
  if (runsWith(addon, current)) return undefined;
  return {
    result: 'warn',
    subject,
    message: `Its version ${addon.version} is made for ${to}, but not for ${current}, where the cluster is now.`,
    remedy: { text: 'It is right again after this step; until then look after it.', link: LINK },
    evidence,
  };
};

/** The first hop as a command, the others in words: each has to be active before the next. */
const moveAddon = (
  { name }: AddonFact,
  { hops, before }: { readonly hops: readonly string[]; readonly before: boolean },
  step: StepContext,
): Remedy => {
  const [first = '', ...rest] = hops;
  const when = before ? 'before this step' : `as soon as the control plane is at ${step.to}`;
  const later = rest.length > 0 ? `, one after the other; when it is active: ${rest.join(', then ')}` : '';
  return {
    text: `Update it ${when}${later}. PRESERVE keeps what was changed by hand.`,
    command: eksCommand(
      'update-addon',
      { 'addon-name': name, 'addon-version': first, 'resolve-conflicts': 'PRESERVE' },
      step,
    ),
    link: LINK,
  };
};
