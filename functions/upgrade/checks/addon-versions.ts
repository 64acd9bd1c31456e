import { compareMinors } from '../../records/kubernetes-version.ts';
import type { AddonFact } from '../../records/upgrade/aws-facts.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import { isNotOutYet } from '../calendar/version-offer.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { pathAfter, pathBefore } from '../plan/addon-path.ts';
import { eksCommand } from './rules/command.ts';

/**
 * Every managed add-on against the Kubernetes version after the step, by what EKS offers. A version that EKS says
 * does not run with it blocks; what EKS does not know warns. For a version that is not out yet there is nothing offered,
 * and nothing to do about that.
 */
export const addonVersions = defineCheck({
  code: 'addon-versions',
  title: 'Every add-on has a version that runs with the new Kubernetes version',
  reads: ['addons', 'versions'],
  judge: ({ addons, versions }, step) =>
    addons.flatMap((addon) => {
      const verdict = judgeAddon(addon, isNotOutYet(step.to, versions), step);
      return verdict ? [verdict] : [];
    }),
});

const LINK = 'https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html';

const judgeAddon = (addon: AddonFact, isEarly: boolean, step: StepContext): Verdict | undefined => {
  const { to, current } = step;
  const known = addon.offered.find(({ version }) => version === addon.version);
  if (addon.offered.length === 0) return sayUnlisted(addon);
  if (!addon.offered.some(({ clusters }) => clusters.includes(to))) {
    return isEarly ? undefined : sayNotOffered(addon, step);
  }
  if (known?.clusters.includes(current) && known.clusters.includes(to)) return undefined;
  if (known?.clusters.includes(to)) {
    return {
      result: 'warn',
      subject: `add-on ${addon.name}`,
      message: `Its version ${addon.version} is made for ${to}, but not for ${current}, where the cluster is now.`,
      remedy: { text: 'It is right again after this step; until then look after it.', link: LINK },
      evidence: [`version ${addon.version}`],
    };
  }
  return sayMove(addon, known !== undefined, step);
};

const sayUnlisted = ({ name, version }: AddonFact): Verdict => ({
  result: 'not-checked',
  subject: `add-on ${name}`,
  message: 'EKS does not say which versions of it there are.',
  remedy: { text: 'Ask its publisher which version runs with the new Kubernetes version.', link: LINK },
  evidence: [`version ${version}`],
});

const sayNotOffered = ({ name, version, offered }: AddonFact, { to, region }: StepContext): Verdict => {
  const last = offered
    .flatMap(({ clusters }) => clusters)
    .toSorted(compareMinors)
    .at(-1);
  return {
    result: 'warn',
    subject: `add-on ${name}`,
    message: `EKS offers no version of it for ${to}, the last is for ${last ?? 'none'}: nobody promises that it goes on working.`,
    remedy: {
      text: 'Wait until there is one, or ask its publisher; running without it may be the other way.',
      command: `aws eks describe-addon-versions --region ${region} --addon-name ${name} --kubernetes-version ${to}`,
      link: LINK,
    },
    evidence: [`version ${version}`],
  };
};

/** The same way as that of an upgrade's plan: before the control plane where a version runs with both, else after. */
const sayMove = (addon: AddonFact, isKnown: boolean, step: StepContext): Verdict => {
  const { to, from } = step;
  const before = pathBefore(addon, from, to);
  const after = pathAfter(addon, to);
  const hops = before.ok ? before.versions : after.ok ? after.versions : [];
  const goal = hops.at(-1);
  const wrong = isKnown
    ? `Its version ${addon.version} does not run with ${to}`
    : `EKS does not offer its version ${addon.version} any more, so it does not say whether it runs with ${to}`;
  return {
    // What can only move afterwards must not hold up the step that it waits for.
    result: isKnown && before.ok ? 'block' : 'warn',
    subject: `add-on ${addon.name}`,
    message: before.ok
      ? `${wrong}; ${goal} runs with ${from} and ${to}, so it can move before the control plane.`
      : `${wrong}, and no later one runs with both ${from} and ${to}: it has to move right after the control plane.`,
    remedy: goal === undefined ? chooseByHand(addon, step) : moveAddon(addon, hops, before.ok, step),
    evidence: [
      `version ${addon.version}`,
      ...(goal === undefined ? [] : [`on the way: ${hops.join(', then ')}`]),
    ],
  };
};

const chooseByHand = ({ name }: AddonFact, { to, region }: StepContext): Remedy => ({
  text: 'No later version is the way: choose one of those that run with it, once the control plane is there.',
  command: `aws eks describe-addon-versions --region ${region} --addon-name ${name} --kubernetes-version ${to}`,
  link: LINK,
});

/** All hops in words, the first as a command: each has to be active before the next. */
const moveAddon = (
  { name }: AddonFact,
  [first = '', ...rest]: readonly string[],
  isBefore: boolean,
  step: StepContext,
): Remedy => {
  const when = isBefore ? `before the step to ${step.to}` : `as soon as the control plane is at ${step.to}`;
  const later = rest.map((version) => ` When that is active, update it to ${version}.`).join('');
  return {
    text: `Update it to ${first} ${when}.${later} PRESERVE keeps what was changed by hand.`,
    command: eksCommand(
      'update-addon',
      { 'addon-name': name, 'addon-version': first, 'resolve-conflicts': 'PRESERVE' },
      step,
    ),
    link: LINK,
  };
};
