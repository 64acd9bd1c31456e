import { sayByteSize } from '../byte-size.ts';
import { isOnS3 } from '../object-stores.ts';
import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/** Source: Amazon S3 User Guide, "Multipart upload limits". */
const MAX_PARTS = 10_000;

/** Source: s3cmd, `multipart_chunk_size_mb`, 15 by default; its megabyte has 1,024 times 1,024 bytes. */
const DEFAULT_PART_BYTES = 15 * 1024 ** 2;

/**
 * The largest archive that s3cmd can upload.
 *
 * Source: S3 takes 10,000 parts, and s3cmd makes all of one size, so that nothing above their product goes through.
 */
export const s3cmdCeiling = defineArgumentRule({
  code: 's3cmd-ceiling',
  title: 'The tool that uploads the archive can carry its size',
  judge: (given, values, { archiveBytes, s3cmdPartBytes = DEFAULT_PART_BYTES }) => {
    const tool = given.valueOf('--s3tool-backup') ?? given.valueOf('--s3tool') ?? 's3cmd';
    if (archiveBytes === undefined || tool !== 's3cmd' || !isOnS3(values, given.valueOf('--backend')))
      return [];
    const ceiling = MAX_PARTS * s3cmdPartBytes;
    if (archiveBytes <= ceiling) return [];
    return [
      {
        severity: 'trap',
        path: EXTRA_ARGS,
        message: `s3cmd uploads in at most 10,000 parts of ${sayByteSize(s3cmdPartBytes)}, so an archive above ${sayByteSize(ceiling)} cannot be uploaded; ${sayByteSize(archiveBytes)} is expected.`,
        remedy: 'Add --s3tool awscli, or set multipart_chunk_size_mb in .s3cfg higher.',
        option: 'Where that is set already, give the file with --s3cfg.',
      },
    ];
  },
});
