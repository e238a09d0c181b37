@echo off
rem Retire cpomdocs et ses raccourcis ; les dossiers CPOM ne sont pas touches.
setlocal EnableExtensions
chcp 65001 >nul
set "OU=%LOCALAPPDATA%\cpomdocs"
if not exist "%OU%\env" echo cpomdocs n'est pas installe pour cette personne.& pause & exit /b 0
if exist "%OU%\env\Scripts\cpomdocs.exe" "%OU%\env\Scripts\cpomdocs.exe" veiller --retirer >nul 2>&1
del /q "%USERPROFILE%\Desktop\cpomdocs - *.lnk" >nul 2>&1
rmdir /s /q "%APPDATA%\Microsoft\Windows\Start Menu\Programs\cpomdocs" >nul 2>&1
cd /d "%TEMP%"
rmdir /s /q "%OU%\env"
if exist "%OU%\env" echo Fermer Excel et la surveillance, puis recommencer.& pause & exit /b 1
del /q "%OU%\*.cmd" >nul 2>&1
echo cpomdocs est retire. Vos dossiers et vos documents sont toujours la.
pause
exit /b 0
