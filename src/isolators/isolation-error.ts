// Why an isolator refuses a container. The containerizer turns it into the waiting reason of the container.

export type IsolationReason = 'CreateContainerConfigError' | 'CreateContainerError';

export class IsolationError extends Error {
  readonly reason: IsolationReason;

  constructor(reason: IsolationReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IsolationError';
    this.reason = reason;
  }
}

/** The pod asks for something that is wrong or that this host cannot give. */
export const configError = (message: string): IsolationError =>
  new IsolationError('CreateContainerConfigError', message);
