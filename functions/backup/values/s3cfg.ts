/**
 * Bytes of a part as `.s3cfg` sets it; undefined when it sets none.
 *
 * Source: s3cmd, `.s3cfg`, `multipart_chunk_size_mb`; its megabyte has 1,024 times 1,024 bytes.
 */
export const readPartBytes = (text: string): number | undefined => {
  const [, megabytes] = /^[ \t]*multipart_chunk_size_mb[ \t]*=[ \t]*(\d{1,6})[ \t]*$/m.exec(text) ?? [];
  return megabytes === undefined || Number(megabytes) === 0 ? undefined : Number(megabytes) * 1024 ** 2;
};
