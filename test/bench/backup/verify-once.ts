/**
 * One verification of an archive in a process of its own, so that its memory is its own: prints wall time, processor
 * time, peak memory and the verdict as JSON. Arguments: bucket, key, and bytes up to which a dump is read to its end.
 * Where S3 is and who asks is in the environment, as for the command.
 */

import { verifyArchive } from '../../../functions/backup/verify/verify-archive.ts';
import { openArchiveStore } from '../../../functions/clients/archive-store.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';

const [, , bucket = '', key = '', dumpReadLimit = '0'] = process.argv;
const expectation = { dumpReadLimit: Number(dumpReadLimit), acceptUnreadDumps: true };

const started = performance.now();
const deps = { store: openArchiveStore({ bucket, key }), clock: systemClock };
const outcome = await verifyArchive({ bucket, key, expectation }, deps);
const ms = performance.now() - started;
if (outcome.state === 'unfinished') throw new Error('A verification without a deadline stopped.');
const { verdict, members, reasons } = outcome.verification;
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    ms,
    cpuMs: (user + system) / 1_000,
    /** Kilobytes on Linux. */
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    members,
    verdict,
    against: reasons.filter(({ result }) => result !== 'note').map(({ message }) => message),
  }),
);
// Connections that are kept open would keep the process for a while.
process.exit();
