import type { Ledger } from '../../../clients/ledger.ts';
import { type DrillRun, drillRunKey, drillRunKind } from '../../../records/backup/drill.ts';

/** The drill of an environment that goes on, or its last one. */
export const readDrill = async (
  ledger: Pick<Ledger, 'read'>,
  environment: string,
): Promise<DrillRun | undefined> => (await ledger.read(drillRunKind, drillRunKey(environment)))?.value;
