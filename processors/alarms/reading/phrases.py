"""What recorders say in their languages when something is over, was only tried, or is wrong with themselves."""

import re


def _any(*phrases: str) -> "re.Pattern[str]":
    return re.compile("|".join(phrases))


_TEST_SUBJECT = re.compile(
    r"(?:.{0,60}[:\-–] ?)?(?:(?:smtp|e-?mail|mail|alarm|alert|nvr|dvr|ipc|camera|ip ?camera|network camera) )*"
    r"(?:test|testing|test[ -]?e?-?mail|test message|test alarm|prueba|teste|тест|тестирование|测试|テスト|測試)"
    r"(?: (?:e-?mail|mail|message|settings|alarm|ok|success\w*))*(?: (?:from|von|od|de|от) .{1,60})?[ .!]*"
)
_TEST = _any(
    r"\b(?:e-?mail|smtp|mail) test\b", r"\btest[ -]?(?:e-?mail|mail|message|nachricht)\b", r"\bonly a test\b",
    r"\bthis is a test\b", r"\btested the e-?mail\b", r"\btest of (?:the|your) (?:e-?mail|smtp|mail)\b",
    r"\bsent to test\b", r"\bto verify (?:the|your) (?:e-?mail|smtp|mail)\b", r"\bverif(?:y|ies) e-?mail settings\b",
    r"测试邮件", r"邮件测试", r"測試郵件", r"郵件測試", r"テストメール",
    r"\bwiadomość testowa\b", r"\btestowa wiadomość\b", r"\b(?:e-?)?mail testowy\b", r"\btestowy (?:e-?)?mail\b",
    r"\btest poczty\b", r"\bcorreo de prueba\b", r"\bprueba de correo\b", r"\bmensaje de prueba\b",
    r"\bteste de e-?mail\b", r"\be-?mail de teste\b", r"\bmensagem de teste\b",
    r"\bcourriel de test\b", r"\b(?:e-?)?mail de test\b", r"\bmessage de test\b", r"\btest d['’]e-?mail\b",
    r"\b(?:e-?)?mail di prova\b", r"\bmessaggio di prova\b", r"\bтестов(?:ое|ый) (?:письмо|сообщение|e-?mail)\b",
    r"\bпроверка (?:почты|e-?mail)\b",
)  # fmt: skip
_TROUBLE = _any(
    r"\b(?:disk|hdd|hard (?:disk|drive)|storage|sd card|micro ?sd|memory card|volume|raid|array)\s?(?:is )?(?:full|error|fault"
    r"|fail(?:ure|ed|ing)?|abnormal(?:ity)?|missing|removed|degraded|warning|loss|lost|unformatted|exception"
    r"|not (?:exist|found|available|formatted|detected)\w*|low space|health|almost full|offline|read error|write error)\b",
    r"\b(?:no|lost|low|bad|abnormal) (?:disk|hdd|hard (?:disk|drive)|storage|sd card)(?: space)?\b", r"\br/?w error\b",
    r"\b(?:s\.m\.a\.r\.t\.?|smart) (?:error|warning|alarm|fail\w*|test)\b", r"\bhdd[- =]?\d* ?(?:smart|access error|full|error)\b",
    r"\bvideo (?:signal )?(?:loss|lost|missing|exception)\b", r"\bloss of video\b", r"\b(?:signal|vídeo) lost\b",
    r"\bsignal loss\b", r"\bvideoloss\b",
    r"\b(?:illegal|invalid|unauthori[sz]ed|abnormal|failed) (?:log ?in|logon|access|password)\b",
    r"\blog ?in (?:fail\w*|error|lock\w*|attempts?|exception)\b", r"\bpassword error\b", r"\baccount (?:is )?locked\b",
    r"\bip (?:address )?(?:is )?conflict\w*", r"\bmac (?:address )?conflict\w*",
    r"\b(?:network|net|lan|ethernet|internet)\s?(?:is )?(?:cable )?(?:disconnect\w*|down|broken|lost|error|fail\w*|abort|abnormal"
    r"|exception|loss|unplugged|break)\b",
    r"\bconnection (?:lost|failed|failure|broken)\b", r"\bdisconnected\b", r"\b(?:camera|device|channel|ipc) (?:is )?offline\b",
    r"\b(?:went|gone|goes) offline\b", r"\b(?:communication|comm) error\b",
    r"\b(?:system |device |abnormal )?(?:re-?boot(?:ed|ing)?|restarted)\b",
    r"\b(?:power (?:failure|loss|off|on|outage|supply error)|low battery|battery (?:is )?low)\b",
    r"\bfan ?\d* ?(?:error|fail\w*|abnormal|fault)\b", r"\b(?:thermal error|overheat\w*|cpu temperature|temperature too high)\b",
    r"\brecord(?:ing)? (?:error|exception|fail\w*|abnormal|stopped|is switched off)\b", r"\bpoe (?:power )?(?:overload|exception)\b",
    r"\bfirmware\b", r"\b(?:resolution|standard) mismatch\w*", r"\bhigh-?availability\b",
    r"(?:无|没有)硬盘", r"(?:硬盘|磁盘|存储|sd卡)(?:已?满|错误|故障|异常|出错|丢失|空间不足|未格式化)", r"(?:视频|信号)(?:信号)?丢失",
    r"非法(?:访问|登录|登陆)", r"(?:登录|登陆)(?:失败|锁定|异常)", r"ip(?:地址)?冲突", r"mac(?:地址)?冲突",
    r"(?:网络|网线)(?:断开|异常|中断|故障)", r"断网", r"(?:设备|通道|摄像机)(?:离线|掉线|断线)", r"录像异常", r"异常重启",
    r"\bdysk (?:jest )?pełny\b", r"\bbłąd (?:dysku|hdd|zapisu|sieci)\b", r"\bbrak (?:dysku|hdd|sieci|sygnału)\b",
    r"\b(?:utrata|zanik|brak) (?:sygnału )?(?:wideo|video|obrazu|połączenia)\b", r"\bnielegaln\w+ logowani\w+\b",
    r"\bkonflikt (?:adres\w* )?ip\b", r"\bsieć (?:rozłączona|odłączona)\b",
    r"\bfestplatten?(?: ist)? ?(?:voll|fehler|defekt)\b", r"\bkeine festplatte\b", r"\b(?:video|bild|signal)verlust\b",
    r"\b(?:illegale?r?|unerlaubte?r?|unbefugte?r?) (?:anmeldung|zugriff|login)\b", r"\bip-?(?:adress)?(?:en)?-?konflikt\b",
    r"\bnetzwerk ?(?:fehler|getrennt|unterbrochen|ausfall)\b", r"\bverbindung (?:verloren|getrennt|unterbrochen)\b",
    r"\bdisco (?:duro )?(?:lleno|cheio|pieno)\b", r"\b(?:error|erro|errore|fallo) (?:de |del |do |di )?(?:disco|hdd|red|rede|rete)\b",
    r"\bsin (?:disco|hdd)\b", r"\bp[ée]rd(?:ida|a|ita)(?: de| di)? (?:señal de |sinal de )?v[ií]deo\b",
    r"\b(?:acceso|acesso|accesso|login|inicio de sesión) (?:ilegal|illegale?)\b",
    r"\b(?:conflicto|conflito|conflitto)(?: de| di)?(?: direcci[oó]n| endereço| indirizzo)? ?ip\b",
    r"\b(?:red|rede|rete) (?:desconectada|disconnessa)\b", r"\bdesconexión de (?:la )?red\b",
    r"\bdisque (?:dur )?plein\b", r"\berreur (?:de |du )?(?:disque|hdd|réseau)\b", r"\bperte (?:de )?(?:signal )?(?:vidéo|video)\b",
    r"\b(?:connexion|accès|identification) (?:illégale?|non autorisée?)\b", r"\bconflit (?:d['’]adresse )?(?:d['’])?ip\b",
    r"\bréseau (?:déconnecté|coupé)\b", r"\bdéconnexion (?:du )?réseau\b",
    r"\bдиск (?:заполнен|полон|переполнен)\b", r"\bошибка (?:диска|hdd|жесткого диска|жёсткого диска|сети|записи)\b",
    r"\bнет (?:диска|hdd|жесткого диска)\b", r"\bпотеря (?:видео\w*|сигнала|связи)\b",
    r"\b(?:незаконный|нелегальный|несанкционированный) (?:вход|доступ)\b", r"\bконфликт ip\b",
    r"\b(?:сеть отключена|отключение сети|обрыв сети|разрыв сети)\b",
)  # fmt: skip
_WHAT = (
    r"(?:motion|movement|alarm|event|detection|detected|alert|intrusion|crossing|tripwire|recording|activity|person|human|vehicle"
    r"|sensor|input|pir|notification)"
)
_OVER = r"(?:stop(?:s|ped)?|end(?:s|ed)?|finish(?:es|ed)?|ceased|cleared|is over|has disappeared|disappeared|deactivated|gone)"
_STOP = _any(
    rf"\b{_WHAT}(?: (?:detection|detected|alarm|event|alert|has|is|was|been|have))* {_OVER}\b", r"\bno (?:more |longer )motion\b",
    rf"\b(?:stop|end|clear) of (?:the )?{_WHAT}\b", r"\bback to normal\b", r"\ball clear\b",
    r"(?:侦测|检测|报警|告警|事件|移动|入侵|动检)(?:已)?(?:结束|停止|消失|解除|恢复)", r"(?:结束|停止)(?:侦测|检测|报警|告警|移动)",
    r"\b(?:koniec|zakończenie|zakończono|zatrzymanie|ustanie) (?:ruchu|alarmu|zdarzenia|detekcji|wykrywania)\b",
    r"\b(?:ruch|ruchu|alarm|alarmu|zdarzenie|detekcja)(?: \w+)? (?:zakończon\w*|ustał\w*|zatrzyman\w*|koniec|stop)\b",
    r"\b(?:bewegung|bewegungserkennung|alarm|ereignis|bewegungsmelder|bewegungsalarm)(?: \w+)? (?:beendet|ende|gestoppt|vorbei|stopp?)\b",
    r"\bende (?:der|des) (?:bewegung\w*|alarms?|ereignis\w*)\b", r"\b(?:bewegungs|alarm)ende\b",
    r"\bfin (?:de |del |de la |de l['’]|d['’]une? |du )(?:la )?(?:movimiento|alarma|evento|detección|mouvement|alarme|événement|détection)\b",
    r"\b(?:movimiento|alarma|evento|movimento|alarme|allarme|detección|mouvement|événement|détection)(?: \w+){0,3} "
    r"(?:finalizad[oa]|terminad[oa]|detenid[oa]|encerrad[oa]|terminat[oa]|cessat[oa]|terminée?|arrêtée?|finie?|fin|stop)\b",
    r"\bfim (?:de |do |da )(?:movimento|alarme|evento|detecção)\b", r"\bfine (?:del |di |dell['’])?(?:movimento|allarme|evento)\b",
    r"\b(?:окончание|конец|прекращение|завершение) (?:движения|тревоги|события|детекции)\b",
    r"\b(?:движение|тревога|событие|детекция)(?: \w+)? (?:прекратил\w*|прекращен\w*|окончен\w*|завершен\w*|закончил\w*|стоп)\b",
)  # fmt: skip
_STOP_EVENT = re.compile(
    rf"(?:^|[\s(\[:,-])(?:{_OVER}|over|off|inactive|ende?|beendet|gestoppt|zakończon\w*|koniec|ustał\w*|fin|finalizad[oa]|terminad[oa]"
    r"|detenid[oa]|encerrad[oa]|fim|terminat[oa]|cessat[oa]|fine|terminée?|arrêtée?|окончен\w*|конец|прекращен\w*|завершен\w*"
    r"|окончание|stop)[\s)\].!]*$|(?:结束|停止|消失|解除|恢复)$"
)
_OPEN_EVENTS = frozenset(
    ("exception", "alarm", "alert", "event", "system", "warning", "notification", "status", "error")
)


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
    return found[0] if (found := _TROUBLE.search(text[:600])) else ""


def stop(subject: str, event: str, text: str) -> bool:
    """Does the mail say that it is over? ``event``: what it names as its event, which then alone decides."""
    if event:
        return bool(_STOP_EVENT.search(event) or _STOP.search(event))
    return bool(_STOP.search(subject) or _STOP.search(text[:600]))
