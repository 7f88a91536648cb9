import type { PermissionConfig } from '../permission/policy';
import type { AgentInfo } from '../store/store';
import { withPermission } from './config';
import type { Change } from './journal';
import { modeReminder } from './modeReminder';
import { reminderSent, withReminder } from './reminders';

/** What is recorded when an agent's permissions change. Who goes into plan mode or comes out of it is told. */
export function permissionChange(
  before: PermissionConfig,
  permission: PermissionConfig,
  info: () => AgentInfo,
): Change {
  const { mode } = permission;
  const reminder = modeReminder(before.mode, mode);
  return {
    events: [
      ...(before.mode === mode ? [] : [{ channel: 'monitor', type: 'permission_changed', mode } as const]),
      ...(reminder ? [reminderSent(reminder)] : []),
    ],
    late: () => {
      const now = info();
      return {
        info: { ...(reminder ? withReminder(now, reminder) : now), config: withPermission(now.config, permission) },
      };
    },
  };
}
