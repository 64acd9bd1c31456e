import { backupCost } from './backup-cost.ts';
import { backupHistory } from './backup-history.ts';
import { backupVerify } from './backup-verify.ts';
import { checkCost } from './check-cost.ts';
import { cost } from './cost.ts';
import { door } from './door.ts';
import { doorStart } from './door-start.ts';
import { duplicates } from './duplicates.ts';
import { fanOut } from './fan-out.ts';
import { ghosts } from './ghosts.ts';
import type { Measure } from './measure.ts';
import { policies } from './policies.ts';
import { pushToPatch } from './push-to-patch.ts';
import { reportPage } from './report-page.ts';
import { restoreTime } from './restore-time.ts';
import { start } from './start.ts';
import { sweep } from './sweep.ts';
import { upgradeScan } from './upgrade-scan.ts';

/** All measures, in the order in which they run: what needs a fresh world first, what fills it last. */
export const measures: readonly Measure[] = [
  start,
  doorStart,
  policies,
  upgradeScan,
  backupHistory,
  backupVerify,
  reportPage,
  pushToPatch,
  ghosts,
  door,
  duplicates,
  sweep,
  cost,
  checkCost,
  backupCost,
  restoreTime,
  fanOut,
];
