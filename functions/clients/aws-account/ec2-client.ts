import { EC2Client } from '@aws-sdk/client-ec2';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';

const useEc2 = perRegion((region) => new EC2Client({ ...AWS_SETTINGS, region }));

/** One call to EC2 of a region, in one time limit with all its pages. @throws as `AwsAccount` does. */
export const callEc2 = async <T>(
  question: { readonly operation: string; readonly about: string; readonly region: string },
  signal: AbortSignal | undefined,
  call: (ec2: { client: EC2Client; options: { readonly abortSignal: AbortSignal } }) => Promise<T>,
): Promise<T> => {
  const { operation, about, region } = question;
  try {
    return await call({ client: useEc2(region), options: limitTime(signal) });
  } catch (error) {
    const where = `${about} in ${region}`;
    throw explainAwsError(error, { scope: 'aws', service: 'EC2', action: `ec2:${operation}`, where });
  }
};

/** EC2 API reference, "Filters": at most 200 values in one. */
const MAX_FILTER_VALUES = 200;

/** Ids in lists that one call can ask for. */
export const splitIds = (ids: readonly string[]): string[][] => {
  const unique = [...new Set(ids)];
  return Array.from({ length: Math.ceil(unique.length / MAX_FILTER_VALUES) }, (_, index) =>
    unique.slice(index * MAX_FILTER_VALUES, (index + 1) * MAX_FILTER_VALUES),
  );
};
