import type { Pauses } from '../clients/pauses.ts';
import type { PauseVerdict } from '../rules/pausing.ts';

/**
 * May something be changed on this cluster? An upgrade moves everybody who lives there, so the pause of any of its
 * environments holds it back, whichever of them it was started for.
 *
 * @returns the first pause that is in force.
 */
export const judgeClusterPause = async (
  pauses: Pauses,
  { cluster, environment }: { readonly cluster: string; readonly environment: string },
  environments: readonly string[],
): Promise<PauseVerdict> => {
  const asked = [...new Set([environment, ...environments])];
  const verdicts = await Promise.all(
    asked.map((one) => pauses.judge({ capability: 'upgrade', environment: one, target: cluster })),
  );
  return verdicts.find(({ ok }) => !ok) ?? { ok: true };
};
