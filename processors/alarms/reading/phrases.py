"""What recorders say in their languages when something is over, was only tried, or is wrong with themselves.

Tables are alternatives of one pattern, one a line, in folded text; a blank stands for one blank.
"""

import re


def _any(table: str) -> "re.Pattern[str]":
    """The pattern that any line of ``table`` matches."""
    return re.compile("|".join(line.strip() for line in table.splitlines() if line.strip()))


_TEST_SUBJECT = re.compile(
    r"(?:.{0,60}[:\-–] ?)?(?:(?:smtp|e-?mail|mail|alarm|alert|nvr|dvr|ipc|camera|ip ?camera|network camera) )*"
    r"(?:test|testing|test[ -]?e?-?mail|test message|test alarm|prueba|teste|тест|тестирование|测试|テスト|測試)"
    r"(?: (?:e-?mail|mail|message|settings|alarm|ok|success\w*))*(?: (?:from|von|od|de|от) .{1,60})?[ .!]*"
)
_TEST = _any(r"""
    \b(?:e-?mail|smtp|mail) test\b
    \btest[ -]?(?:e-?mail|mail|message|nachricht)\b
    \bonly a test\b
    \bthis is a test\b
    \btested the e-?mail\b
    \btest of (?:the|your) (?:e-?mail|smtp|mail)\b
    \bsent to test\b
    \bto verify (?:the|your) (?:e-?mail|smtp|mail)\b
    \bverif(?:y|ies) e-?mail settings\b
    测试邮件
    邮件测试
    測試郵件
    郵件測試
    テストメール
    \bwiadomość testowa\b
    \btestowa wiadomość\b
    \b(?:e-?)?mail testowy\b
    \btestowy (?:e-?)?mail\b
    \btest poczty\b
    \bcorreo de prueba\b
    \bprueba de correo\b
    \bmensaje de prueba\b
    \bteste de e-?mail\b
    \be-?mail de teste\b
    \bmensagem de teste\b
    \bcourriel de test\b
    \b(?:e-?)?mail de test\b
    \bmessage de test\b
    \btest d['’]e-?mail\b
    \b(?:e-?)?mail di prova\b
    \bmessaggio di prova\b
    \bтестов(?:ое|ый) (?:письмо|сообщение|e-?mail)\b
    \bпроверка (?:почты|e-?mail)\b
""")
_STORE = r"(?:disk|hdd|hard (?:disk|drive)|storage|sd card|micro ?sd|memory card|volume|raid|array)"
_FAULT = r"(?:error|fault|fail(?:ure|ed|ing|s)?|abnormal(?:ity)?|exception|loss|lost|missing|removed|degraded|warning)"
_NET = r"(?:network|net|lan|ethernet|internet)"
_TROUBLE = _any(rf"""
    \b{_STORE}\s?(?:is )?(?:full|almost full|low space|unformatted|offline|health|{_FAULT})\b
    \b{_STORE} (?:read|write|r/w) error\b
    \b{_STORE} (?:is )?not (?:exist\w*|found|available|formatted|detected)\b
    \b(?:no|lost|low|bad|abnormal) (?:disk|hdd|hard (?:disk|drive)|storage|sd card)(?: space)?\b
    \br/?w error\b
    \b(?:s\.m\.a\.r\.t\.?|smart) (?:error|warning|alarm|fail\w*|test)\b
    \bhdd[- =]?\d* ?(?:smart|access error|full|error)\b
    \bvideo ?(?:signal )?(?:loss|lost|missing|exception)\b
    \bloss of video\b
    \bsignal (?:loss|lost)\b
    \b(?:illegal|invalid|unauthori[sz]ed|abnormal|failed) (?:log ?in|logon|access|password)\b
    \blog ?in (?:fail\w*|error|lock\w*|attempts?|exception)\b
    \bpassword error\b
    \baccount (?:is )?locked\b
    \b(?:ip|mac) (?:address )?(?:is )?conflict\w*
    \b{_NET}\s?(?:is )?(?:cable )?(?:disconnect\w*|down|broken|abort\w*|unplugged|break|{_FAULT})\b
    \bconnection (?:lost|failed|failure|broken)\b
    \bdisconnected\b
    \b(?:camera|device|channel|ipc) (?:is )?offline\b
    \b(?:went|gone|goes) offline\b
    \b(?:communication|comm) error\b
    \b(?:system |device |abnormal )?(?:re-?boot(?:ed|ing)?|restarted)\b
    \bpower (?:failure|loss|off|on|outage|supply error)\b
    \b(?:low battery|battery (?:is )?low)\b
    \bfan ?\d* ?{_FAULT}\b
    \b(?:thermal error|overheat\w*|cpu temperature|temperature too high)\b
    \brecord(?:ing)? (?:stopped|is switched off|{_FAULT})\b
    \bpoe (?:power )?(?:overload|exception)\b
    \bfirmware (?:upgrade|update)\w*
    \b(?:resolution|standard) mismatch\w*
    (?:无|没有)硬盘
    (?:硬盘|磁盘|存储|sd卡)(?:已?满|错误|故障|异常|出错|丢失|空间不足|未格式化)
    (?:视频|信号)(?:信号)?丢失
    非法(?:访问|登录|登陆)
    (?:登录|登陆)(?:失败|锁定|异常)
    (?:ip|mac)(?:地址)?冲突
    (?:网络|网线)(?:断开|异常|中断|故障)
    断网
    (?:设备|通道|摄像机)(?:离线|掉线|断线)
    录像异常
    异常重启
    \bdysk (?:jest )?pełny\b
    \bbłąd (?:dysku|hdd|zapisu|sieci)\b
    \bbrak (?:dysku|hdd|sieci|sygnału)\b
    \b(?:utrata|zanik|brak) (?:sygnału )?(?:wideo|video|obrazu|połączenia)\b
    \bnielegaln\w+ logowani\w+\b
    \bkonflikt (?:adres\w* )?ip\b
    \bsieć (?:rozłączona|odłączona)\b
    \bfestplatten?(?: ist)? ?(?:voll|fehler|defekt)\b
    \bkeine festplatte\b
    \b(?:video|bild|signal)verlust\b
    \b(?:illegale?r?|unerlaubte?r?|unbefugte?r?) (?:anmeldung|zugriff|login)\b
    \bip-?(?:adress)?(?:en)?-?konflikt\b
    \bnetzwerk ?(?:fehler|getrennt|unterbrochen|ausfall)\b
    \bverbindung (?:verloren|getrennt|unterbrochen)\b
    \bdisco (?:duro )?(?:lleno|cheio|pieno)\b
    \b(?:error|erro|errore|fallo) (?:de |del |do |di )?(?:disco|hdd|red|rede|rete)\b
    \bsin (?:disco|hdd)\b
    \bp[ée]rd(?:ida|a|ita)(?: de| di)? (?:señal de |sinal de )?v[ií]deo\b
    \b(?:acceso|acesso|accesso|login|inicio de sesión) (?:ilegal|illegale?)\b
    \b(?:conflicto|conflito|conflitto)(?: de| di)?(?: direcci[oó]n| endereço| indirizzo)? ?ip\b
    \b(?:red|rede|rete) (?:desconectada|disconnessa)\b
    \bdesconexión de (?:la )?red\b
    \bdisque (?:dur )?plein\b
    \berreur (?:de |du )?(?:disque|hdd|réseau)\b
    \bperte (?:de )?(?:signal )?(?:vidéo|video)\b
    \b(?:connexion|accès|identification) (?:illégale?|non autorisée?)\b
    \bconflit (?:d['’]adresse )?(?:d['’])?ip\b
    \bréseau (?:déconnecté|coupé)\b
    \bdéconnexion (?:du )?réseau\b
    \bдиск (?:заполнен|полон|переполнен)\b
    \bошибка (?:диска|hdd|жесткого диска|жёсткого диска|сети|записи)\b
    \bнет (?:диска|hdd|жесткого диска)\b
    \bпотеря (?:видео\w*|сигнала|связи)\b
    \b(?:незаконный|нелегальный|несанкционированный) (?:вход|доступ)\b
    \bконфликт ip\b
    \b(?:сеть отключена|отключение сети|обрыв сети|разрыв сети)\b
""")
_WHAT = (
    r"(?:motion|movement|alarm|event|detection|detected|alert|intrusion|crossing|tripwire|recording|activity|person|human"
    r"|vehicle|sensor|input|pir|notification)"
)
_OVER = r"(?:stop(?:s|ped)?|end(?:s|ed)?|finish(?:es|ed)?|ceased|cleared|is over|(?:has )?disappeared|deactivated|gone)"
_STOP = _any(rf"""
    \b{_WHAT}(?: (?:detection|detected|alarm|event|alert|has|is|was|been|have))* {_OVER}\b
    \bno (?:more |longer )motion\b
    \b(?:stop|end|clear) of (?:the )?{_WHAT}\b
    \bback to normal\b
    \ball clear\b
    (?:侦测|检测|报警|告警|事件|移动|入侵|动检)(?:已)?(?:结束|停止|消失|解除|恢复)
    (?:结束|停止)(?:侦测|检测|报警|告警|移动)
    \b(?:koniec|zakończenie|zakończono|zatrzymanie|ustanie) (?:ruchu|alarmu|zdarzenia|detekcji|wykrywania)\b
    \b(?:ruch|ruchu|alarm|alarmu|zdarzenie|detekcja)(?: \w+)? (?:zakończon\w*|ustał\w*|zatrzyman\w*|koniec|stop)\b
    \b(?:bewegung\w*|alarm|ereignis)(?: \w+)? (?:beendet|ende|gestoppt|vorbei|stopp?)\b
    \bende (?:der|des) (?:bewegung\w*|alarms?|ereignis\w*)\b
    \b(?:bewegungs|alarm)ende\b
    \bfin (?:de |del |du )(?:la |l['’])?(?:movimiento|alarma|evento|detección|mouvement|alarme|événement|détection)\b
    \bfin (?:d['’]une? |d['’])(?:alarme|événement)\b
    \b(?:movimiento|alarma|evento|detección)(?: \w+){{0,3}} (?:finalizad[oa]|terminad[oa]|detenid[oa]|fin|stop)\b
    \b(?:movimento|alarme|allarme|evento)(?: \w+){{0,3}} (?:encerrad[oa]|terminad[oa]|terminat[oa]|cessat[oa]|stop)\b
    \b(?:mouvement|alarme|événement|détection)(?: \w+){{0,3}} (?:terminée?|arrêtée?|finie?|stop)\b
    \bfim (?:de |do |da )(?:movimento|alarme|evento|detecção)\b
    \bfine (?:del |di |dell['’])?(?:movimento|allarme|evento)\b
    \b(?:окончание|конец|прекращение|завершение) (?:движения|тревоги|события|детекции)\b
    \b(?:движение|тревога|событие|детекция)(?: \w+)? (?:прекра\w+|окончен\w*|завершен\w*|закончил\w*|стоп)\b
""")
_STOP_EVENT = _any(rf"""
    (?:^|[\s(\[:,-])(?:{_OVER}|over|off|inactive|stop)[\s)\].!]*$
    (?:^|[\s(\[:,-])(?:ende?|beendet|gestoppt|zakończon\w*|koniec|ustał\w*)[\s)\].!]*$
    (?:^|[\s(\[:,-])(?:fin|finalizad[oa]|terminad[oa]|detenid[oa]|encerrad[oa]|fim)[\s)\].!]*$
    (?:^|[\s(\[:,-])(?:fine|terminat[oa]|cessat[oa])[\s)\].!]*$
    (?:^|[\s(\[:,-])(?:terminée?|arrêtée?|окончен\w*|окончание|конец|прекращен\w*|завершен\w*)[\s)\].!]*$
    (?:结束|停止|消失|解除|恢复)$
""")
_START = _any(r"""
    \b(?:start|started|starts|begin|begun|detected|triggered|new)\b
    (?:开始|触发)
    \b(?:wykryto|rozpoczęt\w*|erkannt|begonnen|detectad[oa]|iniciad[oa]|détectée?|commencée?|rilevat[oa]|обнаружен\w*)\b
""")
"""A mail that says this as well is no end: it only tells that there will be one."""
_OPEN_EVENTS = frozenset(
    ("exception", "alarm", "alert", "event", "system", "warning", "notification", "status", "error")
)
_FIRST_CHARS = 600


def test(subject: str, event: str, text: str) -> str:
    """The phrase that makes a mail a test, or nothing. All folded; a mail that names an event is none."""
    if event and event not in _OPEN_EVENTS:
        return found[0] if (found := _TEST_SUBJECT.fullmatch(event)) else ""
    if subject and _TEST_SUBJECT.fullmatch(subject[:160]):
        return subject[:160]
    found = _TEST.search(subject) or _TEST.search(text[:2000])
    return found[0] if found else ""


def trouble(subject: str, event: str) -> str:
    """The phrase that says something is wrong with the recorder itself, or nothing. All folded."""
    found = _TROUBLE.search(event if event and event not in _OPEN_EVENTS else subject)
    return found[0] if found else ""


def trouble_in(text: str) -> str:
    """The same, in the first lines of a body."""
    return found[0] if (found := _TROUBLE.search(text[:_FIRST_CHARS])) else ""


def stop(subject: str, event: str, text: str) -> bool:
    """Does the mail say that it is over? ``event``: what it names as its event, which then alone decides."""
    if event:
        return bool(_STOP_EVENT.search(event) or _STOP.search(event))
    if _STOP.search(subject):
        return True
    first = text[:_FIRST_CHARS]
    return bool(_STOP.search(first)) and not (_START.search(subject) or _START.search(first))
