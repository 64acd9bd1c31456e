import type { Execution } from '../records/execution.ts';
import type { Notice } from '../records/message.ts';
import type { UnreadableWebhook } from '../records/unreadable-webhook.ts';
import { linkExecution } from '../rules/console-link.ts';

/** Decisions that a person has to know of: the target is set to act, and something they can mend is in the way. */
const TOLD = /^(owner\.|workload\.missing$|container\.missing$|image\.differs$)/;

/** What a notice about an image that nothing came of is made of. */
export interface Refusal {
  readonly execution: Execution;
  readonly image: string;
  readonly tag: string | undefined;
  readonly reason: string;
  readonly at: string;
}

const STOP = 'Start the control machine with {"pause":"capability/deployment","by":"<you>","why":"<why>"}';

/**
 * Composes the notice about a target that wants an image and does not get it; `undefined` for decisions that are
 * nobody's fault. Its id comes from target, digest and code: one push is told once, whoever asks again.
 */
export const composeRefusedTarget = (
  refusal: Refusal & { target: string; environment: string; digest: string; mode: string; code: string },
): Notice | undefined => {
  const { target, environment, tag, code, reason, execution, digest } = refusal;
  if (refusal.mode !== 'act' || !TOLD.test(code)) return undefined;
  return {
    version: 1,
    id: `${target}-${digest.replace('sha256:', '').slice(0, 12)}-${code}`,
    capability: 'deployment',
    target,
    environment,
    outcome: 'refused',
    severity: 'warning',
    happened: `${target} ${tag} was not deployed: ${code}.`,
    matters: `Target ${target} in ${environment}.`,
    did: 'Changed nothing.',
    next: `Read the reason below, mend it, and push again; the reasons again: npm run why -- ${target}`,
    execution: { ...execution, url: linkExecution(execution.arn) },
    stop: STOP,
    reasons: [reason],
    at: refusal.at,
  };
};

/**
 * Composes the notice about a registry that refuses us: nothing can be confirmed until a person mends it. Told once a
 * day and image, since every push runs into it.
 */
export const composeRefusedRegistry = ({ execution, image, tag, reason, at }: Refusal): Notice => ({
  version: 1,
  id: `registry-refused-${image.replaceAll(/[^\w-]/g, '-').slice(-80)}-${at.slice(0, 10)}`,
  capability: 'deployment',
  target: 'none',
  environment: 'none',
  outcome: 'deferred',
  severity: 'warning',
  happened: `The registry of ${image} refuses Drydock, so ${tag ?? 'its push'} could not be confirmed.`,
  matters: `Every target that follows ${image}.`,
  did: 'Kept the event; the sweep tries it again.',
  next: 'Check the credentials of this registry: npm run doctor',
  execution: { ...execution, url: linkExecution(execution.arn) },
  stop: STOP,
  reasons: [reason],
  at,
});

/**
 * Composes the notice about an authenticated webhook that could not be read: a sender is set up wrongly, or changed
 * its format. Told once a day and source.
 */
export const composeUnreadable = (webhook: UnreadableWebhook, key: string): Notice => ({
  version: 1,
  id: `unreadable-${webhook.source}-${webhook.receivedAt.slice(0, 10)}`,
  capability: 'deployment',
  target: 'none',
  environment: 'none',
  outcome: 'unreadable',
  severity: 'warning',
  happened: `A webhook of source ${webhook.source} could not be read.`,
  matters: `Whoever set up the sender of ${webhook.source}; its pushes are found by the sweep until then.`,
  did: `Kept it, less its secrets, in the ledger bucket under ${key}.`,
  next: 'Compare it with the formats in functions/deployment/README.md, and correct the sender.',
  stop: STOP,
  reasons: webhook.reasons,
  at: webhook.receivedAt,
});
