// Setting up the codes at sign-in: the picture for the authenticator app, the first code, and the recovery codes, shown this once.
import { Alert, Button, Flex, QRCode, Typography } from 'antd'
import { useEffect, useState } from 'react'
import type { Problem } from '#core/problem.ts'
import { text, type Text } from '#core/text.ts'
import { tell } from '#web/api.ts'
import { Form } from '#web/console/form.tsx'
import { ProblemNote } from '#web/console/notify.tsx'
import { usePrint } from '#web/console/print.tsx'
import { useText } from '#web/language.ts'
import { asProblem } from '#web/problems.ts'
import * as api from '../api.ts'

const said = {
  title: text('设置登录动态码', 'Set up codes at sign-in'),
  required: text(
    '您的岗位能看到或授予很多权限，登录时除密码外还要输入手机验证器上的动态码。',
    'From your post much is seen or given, so signing in asks for a code of an authenticator app beside the password.',
  ),
  how: text(
    '1. 在手机上打开任一“身份验证器”应用（TOTP），扫这个码；扫不了就手工输入下面的密钥。',
    '1. Open any authenticator app (TOTP) on your phone and scan this; if it cannot be scanned, type the secret below.',
  ),
  picture: text('供验证器扫描的二维码', 'QR code for the authenticator app'),
  key: text('密钥', 'Secret'),
  onPhone: text('就在这部手机上打开验证器', 'Open the app on this phone'),
  firstCode: text('2. 输入验证器现在显示的 6 位数字。', '2. Enter the 6 digits that it shows now.'),
  confirm: text('确认', 'Confirm'),
  codes: text('恢复码', 'Recovery codes'),
  codesWhat: text(
    '手机丢失时，用一个恢复码代替动态码登录，每个只能用一次。只在这里显示一次：请打印或抄下，锁好保存。',
    'If the phone is lost, one of these stands for the code, each only once. They are shown here only: print or copy them, and lock them away.',
  ),
  print: text('打印', 'Print'),
  kept: text('已妥善保存，继续', 'They are kept safely, go on'),
}

const groups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret

export type Begun = { readonly secret: string; readonly link: string }

/** The two steps and the recovery codes. Right after signing in the secret is asked for here; later the password comes first. */
export function SetUpCodes({ with: given, required = false, onDone }: { with?: Begun; required?: boolean; onDone: () => void }) {
  const say = useText()
  const [begun, setBegun] = useState(given)
  const [problem, setProblem] = useState<Problem>()
  const [codes, setCodes] = useState<readonly string[]>()
  const begin = () => {
    setProblem(undefined)
    tell(api.beginSecondFactor, {}).then(setBegun, (error: unknown) => setProblem(asProblem(error)))
  }
  useEffect(() => {
    if (!given) begin()
  }, [])
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (problem) return <ProblemNote problem={problem} onRetry={begin} />
  if (!begun) return null
  return (
    <Form
      of={api.confirmSecondFactor}
      draft={false}
      submit={said.confirm}
      told={false}
      onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
    >
      <h1 className="form-title">{say(said.title)}</h1>
      {required && <p>{say(said.required)}</p>}
      <p>{say(said.how)}</p>
      <Flex vertical align="center" gap={8}>
        <div role="img" aria-label={say(said.picture)}>
          <div aria-hidden>
            <QRCode value={begun.link} type="svg" size={184} bordered={false} />
          </div>
        </div>
        <span>
          {say(said.key)}{' '}
          <Typography.Text code copyable={{ text: begun.secret }}>
            {groups(begun.secret)}
          </Typography.Text>
        </span>
        <a href={begun.link}>{say(said.onPhone)}</a>
      </Flex>
      <p style={{ marginBlockStart: 12 }}>{say(said.firstCode)}</p>
    </Form>
  )
}

/** Codes that are never shown again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const say = useText()
  const print = usePrint()
  return (
    <section aria-label={say(said.codes)}>
      <h1 className="form-title">{say(said.codes)}</h1>
      <Alert type="warning" showIcon title={say(said.codesWhat)} />
      <CodeList codes={codes} />
      <Flex gap={8} wrap>
        <Button onClick={() => void print(<PaperCodes codes={codes} title={said.codes} what={said.codesWhat} />)}>
          {say(said.print)}
        </Button>
        <Button type="primary" onClick={onDone}>
          {say(said.kept)}
        </Button>
      </Flex>
    </section>
  )
}

function CodeList({ codes }: { codes: readonly string[] }) {
  return (
    <ul style={{ columns: 2, listStyle: 'none', padding: 0, margin: '12px 0', fontSize: 18 }}>
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  )
}

function PaperCodes({ codes, title, what }: { codes: readonly string[]; title: Text; what: Text }) {
  const say = useText()
  return (
    <>
      <h1>{say(title)}</h1>
      <p>{say(what)}</p>
      <CodeList codes={codes} />
    </>
  )
}
