import { type DrydockError, isDrydockError, RefusedError, TransientError } from '../../runtime/errors.ts';
import { findDeniedAction, judgeAwsFailure, nameOf, textOf } from '../aws-failure.ts';
import { describeNetworkFailure, findInnermostCause, isAbort } from '../network-failure.ts';
import { statusOf } from '../s3.ts';
import { findBucketRegion } from './s3-connection.ts';

/** What was asked of S3, for the message of an error. */
export interface ArchiveQuestion {
  /** `s3://bucket/key`, with the version when one is named. */
  readonly where: string;
  readonly bucket: string;
  /** The right that the call needs. */
  readonly permission: string;
  /** What is read, where something else is written: it is what is gone, or was overwritten. */
  readonly source?: { readonly where: string; readonly bucket: string };
}

/** An answer of S3 that is not to be believed, such as another range than was asked for. Holds no content. */
export class UnfitAnswer extends Error {
  override readonly name = 'UnfitAnswer';
}

/** The object is not the one that was described any more. */
export class ChangedObject extends Error {
  override readonly name = 'ChangedObject';
}

type Explain = (error: unknown, question: ArchiveQuestion) => DrydockError;

/** What KMS says of a key that this role may not use, when S3 passes it on under its own AccessDenied. */
const OF_THE_KEY = /kms|ciphertext|customer master key/i;

/** By the code that S3 gives, or by the status of an answer without a body; the first that fits. */
const EXPLANATIONS: readonly { readonly fits: (seen: Seen) => boolean; readonly explain: Explain }[] = [
  {
    fits: ({ name, status }) => name === 'ChangedObject' || status === 412,
    explain: (cause, { where, source }) =>
      refuse(
        'changed',
        `${source?.where ?? where} was overwritten while it was read: what was read of it is worth nothing. Begin again; if it ` +
          'happens again, look for who writes under this name.',
        cause,
      ),
  },
  {
    fits: ({ name }) => name === 'NoSuchBucket',
    explain: (cause, { bucket }) =>
      refuse(
        'no-bucket',
        `There is no bucket ${bucket}; see \`aws s3api list-buckets\` for its name.`,
        cause,
      ),
  },
  {
    fits: ({ status }) => status === 404 || status === 405,
    explain: (cause, question) => {
      const { where, bucket } = question.source ?? question;
      return refuse(
        'gone',
        `There is no ${where}: it was deleted, or never written. If bucket ${bucket} keeps versions, \`aws s3api ` +
          'list-object-versions` shows what is left of it.',
        cause,
      );
    },
  },
  {
    fits: ({ name }) => name === 'InvalidObjectState',
    explain: (cause, { where }) =>
      refuse(
        'archived',
        `${where} lies in a storage class that can not be read at once. Make it readable for a few days with ` +
          '`aws s3api restore-object`, or verify archives before their lifecycle rule moves them.',
        cause,
      ),
  },
  {
    fits: ({ name, text }) =>
      /^KMS\.(?!Throttl)/.test(name) && /disabl|pending|not ?found|invalid ?state/i.test(name + text),
    explain: (cause, { where }) =>
      refuse(
        'forbidden',
        `The KMS key of ${where} can not be used (${nameOf(cause)}): ${textOf(cause)} Without the key the archive is ` +
          'lost: enable it, or cancel its deletion.',
        cause,
        'kms:Decrypt',
      ),
  },
  {
    fits: ({ name, text, status }) =>
      /^KMS\.(?!Throttl)/.test(name) || (status === 403 && OF_THE_KEY.test(text)),
    explain: (cause, { where }) => {
      const permission = findDeniedAction(cause, 'kms:Decrypt');
      return refuse(
        'forbidden',
        `No right to ${permission} on the key of ${where}. Give it to whoever reads archives, by their policy and, ` +
          "for a key of another account, by the key's policy too.",
        cause,
        permission,
      );
    },
  },
  {
    fits: ({ name, failure }) =>
      failure === 'no-credentials' || name === 'InvalidAccessKeyId' || name === 'InvalidToken',
    explain: (cause) =>
      refuse(
        'no-credentials',
        `There are no AWS credentials that S3 accepts (${nameOf(cause)}); sign in, or set AWS_PROFILE.`,
        cause,
      ),
  },
  {
    fits: ({ status }) => status === 301 || status === 307,
    explain: (cause, { bucket }) =>
      refuse(
        'wrong-region',
        `${bucket} lies in another region: ${findBucketRegion(cause) ?? 'unknown'}; ask there.`,
        cause,
      ),
  },
  {
    fits: ({ text }) => text === 'Region is missing',
    explain: (cause, { bucket }) =>
      refuse(
        'no-region',
        `In which region does ${bucket} lie? Set AWS_REGION, or one in your profile.`,
        cause,
      ),
  },
  {
    fits: ({ name, failure, status }) =>
      name !== 'RequestTimeTooSkewed' && (failure === 'forbidden' || status === 403),
    explain: (cause, question) => {
      const permission = findDeniedAction(cause, question.permission);
      return refuse(
        'forbidden',
        `No right to ${permission} on ${question.where}. Give it to whoever reads archives, in their policy and, for a ` +
          'bucket of another account, in its policy too. Without s3:ListBucket S3 says the same of what is not there.',
        cause,
        permission,
      );
    },
  },
];

/** Turns what was thrown at a read of an archive into one of our errors, all named `archive.`. */
export const explainArchiveError = (error: unknown, question: ArchiveQuestion): DrydockError => {
  if (isDrydockError(error)) return error;
  const seen = see(error);
  const found = EXPLANATIONS.find(({ fits }) => fits(seen));
  if (found) return found.explain(error, question);
  if ((seen.failure === 'refused' && !mayPass(seen)) || seen.status === 501) {
    return refuse('refused', `S3 refused ${question.where}: ${seen.name}: ${seen.text}`, error);
  }
  return new TransientError(
    'archive.unavailable',
    `S3 did not give ${question.where} (${describeFailure(error, seen)}), also when asked again. Try later.`,
    { cause: error },
  );
};

/** What an error shows of itself. */
interface Seen {
  readonly name: string;
  readonly text: string;
  readonly status: number | undefined;
  readonly failure: ReturnType<typeof judgeAwsFailure>;
}

const see = (error: unknown): Seen => ({
  name: nameOf(error),
  text: textOf(error),
  status: statusOf(error),
  failure: judgeAwsFailure(error),
});

/** S3 API reference, "Error responses": 4xx that another try may cure. The SDK corrects its clock for the next one. */
const mayPass = ({ name, status }: Seen): boolean =>
  status === 408 || status === 416 || /^(RequestTimeout|RequestTimeTooSkewed)$/.test(name);

/** Why there is no answer, in a few words: S3's own name of it, or that of the network. */
const describeFailure = (error: unknown, { name, text, status }: Seen): string => {
  if (name === 'UnfitAnswer') return text;
  if (isAbort(error) || name === 'AbortError' || name === 'TimeoutError') return 'too slow';
  if (status !== undefined) return `${name || 'unknown'}, ${status}`;
  return error instanceof Error ? describeNetworkFailure(findInnermostCause(error)) : 'no answer';
};

const refuse = (code: string, message: string, cause: unknown, permission?: string): RefusedError =>
  new RefusedError(`archive.${code}`, message, {
    cause,
    ...(permission === undefined ? {} : { permission }),
  });
