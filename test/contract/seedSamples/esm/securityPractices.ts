// Seed 001: security best practices.
import { Agent, LocalSandbox, MemoryStore } from 'countersign';
import { sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const deps = { store: new MemoryStore(), templateRegistry, sandboxFactory, toolRegistry };

// Permission configuration
const agent = await Agent.create({
  templateId: 'secure-assistant',
  overrides: {
    permission: {
      mode: 'approval',
      requireApprovalTools: ['bash_run', 'fs_write'],
      allowTools: ['fs_read', 'fs_glob'],
    },
  },
}, deps);

// Sandbox boundary
const sandbox = new LocalSandbox({
  workDir: '/app/workspace',
  enforceBoundary: true,
  allowPaths: ['/app/workspace', '/tmp'],
});

const { status, permissionIds = [] } = await agent.complete('Run it.');
const [permissionId] = permissionIds;
if (permissionId) await agent.decide(permissionId, 'deny', 'Not now.');
const result = await agent.complete();
console.log(JSON.stringify({ status, after: result.status, text: result.text, root: sandbox.roots[0]?.path }));
