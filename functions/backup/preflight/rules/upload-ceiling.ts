import { sayByteSize } from '../../values/byte-size.ts';
import { expectArchive } from '../expected-size.ts';
import type { UploadFact } from '../facts.ts';
import { definePreflightRule, notChecked, pass, refuse, warn } from '../preflight-rule.ts';

/** Source: Amazon S3 User Guide, "Multipart upload limits". */
const MAX_PARTS = 10_000;
const LARGEST_PART = 5 * 1024 ** 3;

/** Source: s3cmd, `multipart_chunk_size_mb`, 15 by default, each of 1,024 times 1,024 bytes. */
const S3CMD_PART = 15 * 1024 ** 2;

/** From here on a person should have time to change it. */
const NEAR = 0.8;

/** An upload that has no part left fails after hours; all of it is lost then. */
export const uploadCeiling = definePreflightRule({
  code: 'upload-ceiling',
  title: 'The archive can be uploaded in 10,000 parts',
  ifUnknown: 'go-on',
  concerns: 'archive',
  fact: ({ upload }) => upload,
  learn: 'See extraArgs of the CronJob (--s3tool), and multipart_chunk_size_mb in .s3cfg.',
  judge: (upload, { history, now }) => {
    const archive = history.known ? expectArchive(history.value, now) : undefined;
    const ceiling = ceilingOf(upload);
    if (archive === undefined) {
      const message = `${upload.tool} carries up to ${sayByteSize(ceiling)}; there is no verified archive to go by.`;
      return [notChecked(message, 'Watch the first backup; its size is known from then on.')];
    }
    const message = `${sayByteSize(archive.bytes)} are expected, and ${upload.tool} carries up to ${sayByteSize(ceiling)}.`;
    const remedy =
      upload.tool === 's3cmd'
        ? 'Add --s3tool awscli to extraArgs, or set multipart_chunk_size_mb in .s3cfg higher.'
        : 'Skip what has versions and a replica of its own, or make native sets (kind: native).';
    if (archive.bytes > ceiling) return [refuse(message, remedy)];
    return archive.bytes > ceiling * NEAR ? [warn(message, remedy)] : [pass(message)];
  },
});

/** awscli makes its parts larger as it needs to; s3cmd has one size. */
const ceilingOf = ({ tool, partBytes = S3CMD_PART }: UploadFact): number =>
  MAX_PARTS * (tool === 'awscli' ? LARGEST_PART : Math.min(partBytes, LARGEST_PART));
