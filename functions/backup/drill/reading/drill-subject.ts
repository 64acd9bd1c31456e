import type { RestoreTarget } from '../../../records/backup/restore-plan.ts';
import { SCRATCH } from '../../../records/backup/restore-request.ts';
import type { DrillSettings } from '../../../records/configuration/backup-drill.ts';
import { siteOf } from '../../../records/configuration/lookup.ts';
import type { Configuration } from '../../../records/configuration.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { findRestore, takesNative } from '../../restore/reading/restore-subject.ts';

/** A restore that is rehearsed, by drydock.yaml. */
export interface DrillSubject {
  readonly environment: string;
  /** The scratch place. */
  readonly target: RestoreTarget;
  readonly settings: DrillSettings;
  /** Of the site, 12 digits. */
  readonly account: string;
  /** Has the place a database of its own for sets that are no archive? */
  readonly takesNative: boolean;
}

/**
 * Finds it.
 *
 * @throws RefusedError `backup.unknown` for an environment that is not backed up, `restore.no-scratch` and
 * `drill.unknown` where nothing is configured.
 */
export const findDrill = (configuration: Configuration, environment: string): DrillSubject => {
  const subject = findRestore(configuration, { environment, target: SCRATCH });
  const { origin, target } = subject;
  const settings = origin.settings.restore.drill;
  if (settings) {
    return { environment, target, settings, account: origin.account, takesNative: takesNative(subject) };
  }
  const message = `drydock.yaml says nothing of drills of ${environment}: write backup.environments.${environment}.restore.drill.`;
  throw new RefusedError('drill.unknown', message);
};

/** The account of the place of an environment; undefined when drydock.yaml has lost it. */
export const accountOf = (configuration: Configuration, environment: string): string | undefined => {
  const member = configuration.environments[environment];
  return member && siteOf(configuration, member)?.account;
};
