import { createHash } from 'node:crypto';
import type { Content } from './content.ts';
import { makeGzip } from './gzip.ts';

const BEGINNING = `--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';

CREATE TABLE public.projects (
    id bigint NOT NULL,
    name character varying,
    digest text
);

COPY public.projects (id, name, digest) FROM stdin;
`;
const END_OF_ROWS = '\\.\n\n';
/** The last words of pg_dump. */
const END_MARKER = '--\n-- PostgreSQL database dump complete\n--\n\n';
const ROWS = 2_000;

/**
 * A dump of a database, as gzip of about `bytes`. Its rows are the same few thousand, over and over.
 *
 * @param isWhole whether it has pg_dump's last words; without them it is what a dump that failed leaves behind.
 */
export const makeDump = (seed: string, bytes: number, isWhole: boolean): Content =>
  makeGzip(
    {
      before: () => Buffer.from(BEGINNING),
      middle: Buffer.from(writeRows(seed)),
      after: () => Buffer.from(isWhole ? END_OF_ROWS + END_MARKER : ''),
    },
    bytes,
  );

const writeRows = (seed: string): string =>
  Array.from({ length: ROWS }, (_, index) => {
    const digest = createHash('sha256').update(`${seed}/${index}`).digest('hex');
    return `${index + 1}\tproject-${index + 1}\t${digest}\n`;
  }).join('');
