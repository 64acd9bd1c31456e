import type { SetReference } from '../../records/backup/run.ts';
import { SNAPSHOT_PREFIX } from '../../records/backup/snapshot-prefix.ts';

/** Source: RDS API, CreateDBSnapshot: 1 to 255 letters, digits and hyphens, no two of them in a row and none at the end. */
const LONGEST = 255;

/** `drydock-production-1795230005-2026-11-21-18-10-0-ee`: of one set alone, whoever makes it again. */
export const nameSnapshot = ({ environment, id }: Pick<SetReference, 'environment' | 'id'>): string =>
  // What is cut goes from the environment: the id begins with its time, and must stay whole.
  `${SNAPSHOT_PREFIX}${plain(environment).slice(0, LONGEST - SNAPSHOT_PREFIX.length - MAX_ID - 1)}-${plain(id)}`.replaceAll(
    /-{2,}/g,
    '-',
  );

/** Of an id as records/backup/set-id.ts has it: 10 and 10 digits with their separators, and 60 of the version. */
const MAX_ID = 82;

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
