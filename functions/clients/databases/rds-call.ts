import { RDSClient } from '@aws-sdk/client-rds';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';

const useRds = perRegion((region) => new RDSClient({ ...AWS_SETTINGS, region }));

export type RdsCall<T> = (client: RDSClient, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** One call to RDS of a region, in one time limit with all its pages. @throws as `Databases` does. */
export const callRds = async <T>(
  question: { readonly operation: string; readonly about: string; readonly region: string },
  signal: AbortSignal | undefined,
  call: RdsCall<T>,
): Promise<T> => {
  const { operation, about, region } = question;
  try {
    return await call(useRds(region), limitTime(signal));
  } catch (error) {
    const where = `${about} in ${region}`;
    throw explainAwsError(error, { scope: 'rds', service: 'RDS', action: `rds:${operation}`, where });
  }
};
