import { createHash } from 'node:crypto';

/** Step Functions takes 80 characters (API reference, StartExecution, `name`). */
const MAX_NAME_LENGTH = 80;
/** 80 bits: two of a billion causes meet with a chance of one in two million. */
const HASH_LENGTH = 20;
const TAG_LENGTH = 24;

/**
 * Names the `deployment` execution of one image event, from its cause: a repeat of the event gets the same name,
 * and Step Functions keeps names unique for 90 days.
 *
 * @returns `<last part of the repository>-<tag>-<hash of source and event id>`, at most 80 characters of
 * 0-9 A-Z a-z - _, which is what CloudWatch Logs can carry of all that Step Functions allows.
 */
export const nameDeployment = (cause: {
  readonly source: string;
  readonly id: string;
  readonly image: string;
  readonly tag?: string | undefined;
}): string => {
  const hash = createHash('sha256')
    .update(`${cause.source}\n${cause.id}`)
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const tag = plain(cause.tag ?? 'digest').slice(0, TAG_LENGTH);
  const room = MAX_NAME_LENGTH - tag.length - HASH_LENGTH - 2;
  const repository = plain(cause.image.slice(cause.image.lastIndexOf('/') + 1)).slice(0, room);
  return `${repository}-${tag}-${hash}`;
};

const plain = (text: string): string => text.replaceAll(/[^0-9A-Za-z_-]/g, '-');
