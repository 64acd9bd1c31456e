import type { Endpoint } from '../../clients/endpoint-probe.ts';
import { TransientError } from '../../runtime/errors.ts';
import { type Finding, fail, notChecked, pass } from './check.ts';
import type { SiteSubject } from './subject.ts';

/**
 * Looks whether somebody answers at an endpoint. From a terminal outside the site's network "no answer" proves
 * nothing, and is then no failure.
 *
 * @param mend what to do about no connection, when the Lambdas are outside any network as we are.
 */
export const checkEndpoint = async (
  { site, instruments }: SiteSubject,
  endpoint: Endpoint,
  mend: string,
): Promise<Finding> => {
  const where = `${endpoint.host}:${endpoint.port}`;
  try {
    return pass(`${where} is ${await instruments.probeEndpoint(endpoint)}`);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    if (error.code === 'endpoint.certificate') return fail(error.message, CERTIFICATE);
    if (error.code === 'endpoint.tls') return fail(error.message, NO_TLS);
    if (!site.network) return fail(error.message, mend);
    const { vpc, securityGroups } = site.network;
    return notChecked(
      `${error.message} The Lambdas of this site ask from within ${vpc}.`,
      `Run doctor from within ${vpc}. There, ${endpoint.host} must have an address, and what answers must let ` +
        `${securityGroups.join(', ')} in on TCP ${endpoint.port}.`,
    );
  }
};

const CERTIFICATE =
  'Serve a certificate for this name from an authority that Node trusts; Lambdas trust no other either.';
const NO_TLS = 'Correct the URL or the port: what answers there is no HTTPS server.';
