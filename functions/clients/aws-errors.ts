import { type DrydockError, isDrydockError, RefusedError, TransientError } from '../runtime/errors.ts';
import { type AwsFailure, findDeniedAction, judgeAwsFailure, nameOf, textOf } from './aws-failure.ts';

/** What was asked of AWS, for the code and the message of an error. */
export interface AwsQuestion {
  /** First part of the error's code: `eks`. */
  readonly scope: string;
  /** The service as people call it: `EKS`. */
  readonly service: string;
  /** Action that a policy has to allow: `eks:ListInsights`. */
  readonly action: string;
  /** What it is about: `EKS cluster shop in eu-central-1`. */
  readonly where: string;
}

type Explain = (error: unknown, question: AwsQuestion) => DrydockError;

const EXPLANATIONS: Readonly<Record<AwsFailure, Explain>> = {
  'no-credentials': (cause, { scope, service }) =>
    new RefusedError(
      `${scope}.no-credentials`,
      `There are no AWS credentials that ${service} accepts (${nameOf(cause)}); sign in, or set AWS_PROFILE.`,
      { cause },
    ),
  forbidden: (cause, { scope, action, where }) => {
    const permission = findDeniedAction(cause, action);
    return new RefusedError(
      `${scope}.forbidden`,
      `No right to ${permission} on ${where}. Give it to this role, or deploy again.`,
      { cause, permission },
    );
  },
  throttled: (cause, { scope, service, action, where }) =>
    new TransientError(
      `${scope}.throttled`,
      `${service} throttled ${action} on ${where}, also after slowing down: this account calls it too often.`,
      { cause },
    ),
  missing: (cause, { scope, where }) =>
    new RefusedError(`${scope}.missing`, `There is no ${where}: ${textOf(cause)}`, { cause }),
  refused: (cause, { scope, service, action, where }) =>
    new RefusedError(`${scope}.refused`, `${service} refused ${action} on ${where}: ${textOf(cause)}`, {
      cause,
    }),
  unreachable: (cause, { scope, service, action, where }) =>
    new TransientError(
      `${scope}.unreachable`,
      `${service} did not answer ${action} on ${where} (${nameOf(cause) || 'unknown'}).`,
      { cause },
    ),
};

/** Turns what an AWS SDK threw into one of our errors. A missing right is in it as data too: `permission`. */
export const explainAwsError: Explain = (error, question) =>
  isDrydockError(error) ? error : EXPLANATIONS[judgeAwsFailure(error)](error, question);
